// The page of deliveries: what was posted to a Request URL.
import type { ReactNode } from 'react';
import type { DeliveryEffect } from '~/gql/documents';
import { number, plural } from './language';

// decoded-fields
export const moreFields = 'There are more fields than fit here; all stand under Raw.';
export const emptyValue = 'empty';
export const emptyText = 'empty text';
export const nullValue = 'null';

// deliveries-page
export const deliveries = 'Deliveries';

// delivery-content
export const bodyNotKept = 'The body was not kept.';
export const bodyGone = 'What was sent is no longer kept; the rest of this delivery is.';
export const decoded = 'Decoded';
export const raw = 'Raw';
export const notUnderstood = 'Sent, and not understood:';
export const noFields =
  'The content is no JSON object, so it has no fields. It stands under Raw as it came.';
export const headerDecoded = 'Header, decoded';
export const payloadDecoded = 'Payload, decoded';
export const tokenAsItCame = 'Token, as it came';
export const bodyAsItCame = 'Body, as it came';
export const asItWasSigned = 'As it was signed';

// delivery-facts
export const received = 'Received';
export const answeredWith = 'Answered with';
export const kind = 'What it was';
export const unknownKind = 'Unknown, since it was not taken in';
export const happened = 'Happened';
export const effect = 'What it changed';
export const secretThatFitted = 'Secret that fitted';
export const noSecretKnown = 'None, or not known';
export const previousUrl = 'The previous one, which will stop working';
export const requestUrl = 'Request URL';
export const size = 'Size';
export const notKnown = 'Not known';
export const latency = (text: string) => `${text} until it was handed to the disk`;
export const timeTaken = 'Time taken';
export const recoveredHow = 'It was refused first and taken in by a re-check';
export const recoveredLabel = 'Recovered';
export const knownAlready = 'Nothing: the event was known already';

// delivery-filters
export const outcome = 'Outcome';
export const reason = 'Reason';
export const what = 'What';

// delivery-list
export const call = 'Call';
export const secret = 'Secret';
export const time = 'Time';
export const status = 'Status';

// delivery-panel
export const closeEsc = 'Close (Esc)';
export const close = 'Close';
export const notHere = 'This delivery is not here';
export const delivery = 'Delivery';
export const notHereWhy =
  'It may have been dropped: of what is refused, the newest 1,000 are kept for 7 days. Or a re-check took it in, and it stands in the list anew.';
export const loading = 'Loading';
export const adminCanRecheck = 'An owner or admin can have it examined again.';
export const recheckThis = 'Re-check this delivery';

// delivery-row
export const recovered = 'recovered';
export const unknown = 'Unknown';
export const noSecretFitted = 'No secret fitted';
export const noCall = 'No call';

// download-button
export const download = 'Download';
export const downloadBody = 'Download body';

// no-deliveries
export const noDeliveryMatches = 'No delivery matches';
export const searchLast90Days = 'Search the last 90 days';
export const nothingInLast7Days = 'Nothing in the last 7 days';
export const showLast90Days = 'Show the last 90 days';
export const whatIsListed =
  'Everything that is posted to your Request URL is listed here, also what is refused, with the reason.';
export const noDeliveriesYet = 'No deliveries yet';
export const openSetUp = 'Open set-up';

// numbers
export const numbers = 'Numbers of this range';
export const accepted = 'Accepted';
export const rejected = 'Rejected';
export const answerTime = 'Answer time, p95';

// recheck-outcome
export const noReasonGiven = 'No reason given';

// results

// delivery-words
export const EFFECT_WORDS: Record<DeliveryEffect, string> = {
  CALL_STARTED: 'Began the call',
  EVENT_ADDED: 'Added an event to the call',
  OTHER_EVENT_KEPT: 'Kept; it belongs to no call',
  NOTHING: 'Nothing',
};

export const KEY_WORDS = { CURRENT: 'Current', PREVIOUS: 'Previous' };

export const STATUS_WORDS: Record<number, string> = {
  200: 'OK',
  400: 'Bad request',
  401: 'Unauthorized',
  408: 'Too slow',
  411: 'Length missing',
  413: 'Too large',
  415: 'Not this type',
  503: 'Try again',
};
/** "Rejected: signature does not match" */
export const outcomeBecause = (outcome: string, reason: string) =>
  `${outcome}: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;

// counted
export const duplicates = (count: number) =>
  plural(count, { one: '# duplicate', other: '# duplicates' });
export const ofThem = (count: number) => `${number(count)} of them`;
export const quarantined = (count: number) => `${number(count)} quarantined`;
export const median = (time: string) => `${time} median`;
export const eventCount = (count: number) => plural(count, { one: '# event', other: '# events' });
export const newDeliveries = (count: number) =>
  plural(count, { one: '# new delivery', other: '# new deliveries' });
export const withoutCall = (count: number) =>
  plural(count, {
    one: '# delivery that belongs to no call',
    other: '# deliveries that belong to no call',
  });
export const moreCalls = (count: number) =>
  plural(count, { one: 'and # more call', other: 'and # more calls' });

// recheck-dialog, page-header
export const matching = 'matching';
export const recheckTitle = 'Re-check deliveries';
export const recheckThisEffect =
  'This delivery is examined again with the secrets and rules of now. What is good is taken in as if it had just arrived; nothing is taken in twice.';
export const recheckAllEffect =
  'What was rejected or quarantined is examined again with the secrets and rules of now. What is good is taken in as if it had just arrived; nothing is taken in twice.';
export const recheckCount = (count: number) =>
  plural(count, { one: 'Re-check # delivery', other: 'Re-check # deliveries' });
export const recheckShort = (count: number) => `Re-check ${number(count)}`;
export const recheckNext = 'Re-check the next';
export const cancel = 'Cancel';
export const done = 'Done';

// with something inside
export const copyBody = 'Copy body';
export const copyDeliveryLink = 'Copy link to this delivery';
export const caption = (timeZone: string) => `Deliveries, newest first, times in ${timeZone}`;
export const afterArrival = (time: string) => `${time} after it arrived`;
export const beforeArrival = (time: string) => `${time} before it arrived`;
export const unverified = (strong: (text: string) => ReactNode) => (
  <>{strong('Unverified.')} Anyone who knows the Request URL could have written this.</>
);
export const sentBefore = (link: (text: string) => ReactNode) => (
  <>Dialpad has sent something before. If you had calls since, look at the {link('set-up')}.</>
);
