// What was just done, or failed.

// toast
export const copyNotAllowed = 'Copying is not allowed here';

// request-failure
export const unreachable = 'The server cannot be reached. Check the connection and try again.';
export const failedRequest = (what: string, requestId: string) => `${what} (request ${requestId})`;
