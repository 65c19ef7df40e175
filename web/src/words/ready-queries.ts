// Ready queries of the API page: every page knows them by name, so they stand apart.

export const newestCalls = 'Newest calls';
export const missedYesterday = 'Missed yesterday';
export const changedSince = 'Changed since';
export const conversations = 'Conversations';
export const countsByOutcome = 'Counts by outcome';
export const volumeByDay = 'Volume by day';
export const oneCallWithItsEvents = 'One call with its events';
export const deliveriesRefused = 'Deliveries refused';
