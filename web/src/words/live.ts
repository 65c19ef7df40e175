// Whether a list follows what happens.

export const LIVE_LABELS = {
  live: 'Live',
  delayed: 'Delayed',
  sampled: 'Very busy',
  paused: 'Paused',
  lost: 'Reconnecting',
  offline: 'Offline',
  elsewhere: 'Not live',
};

const LIVE_HINTS = {
  sampled: 'More happens than can be shown one by one; the list follows every second. Pause (l)',
  paused: 'Nothing moves. Go on (l)',
  lost: 'The live connection is lost; trying again. Until then the list is read every few seconds',
  offline: 'This device has no connection. It goes on by itself when there is one',
};

export const LIVE_CALLS_HINTS = {
  ...LIVE_HINTS,
  live: 'New calls appear by themselves. Pause (l)',
  delayed: 'New calls may appear late: a part of the server is away. Pause (l)',
  elsewhere: 'Live needs the newest calls. Go there (l)',
};

export const LIVE_DELIVERIES_HINTS = {
  ...LIVE_HINTS,
  live: 'New deliveries appear by themselves. Pause (l)',
  delayed: 'New deliveries may appear late: a part of the server is away. Pause (l)',
  elsewhere: 'Live needs the newest deliveries. Go there (l)',
};
