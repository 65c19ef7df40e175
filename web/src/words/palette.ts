// What the command palette finds besides commands.

export const recentCalls = 'Recent calls';
export const searchCallsFor = (text: string) => `Search calls for “${text}”`;
export const calls = 'Calls';
