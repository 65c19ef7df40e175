// When something happened.

export const today = (date: string) => `Today · ${date}`;
export const yesterday = (date: string) => `Yesterday · ${date}`;
export const justNow = 'just now';
export const RANGE_WORDS = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
} as const;
export const since = (time: string) => `Since ${time}`;
export const until = (time: string) => `Until ${time}`;
