// One call: what happened on it, when, and to whom.
import type { ReactNode } from 'react';
import type { CallOutcome, Direction } from '~/gql/documents';
import { number } from './language';

export const CALL_TITLES: Record<Direction, Record<CallOutcome, string>> = {
  INBOUND: {
    ANSWERED: 'Answered inbound call',
    MISSED: 'Missed inbound call',
    ABANDONED: 'Abandoned inbound call',
    BLOCKED: 'Blocked inbound call',
    CANCELLED: 'Cancelled inbound call',
    VOICEMAIL: 'Inbound call to voicemail',
    ONGOING: 'Inbound call in progress',
  },
  OUTBOUND: {
    ANSWERED: 'Answered outbound call',
    MISSED: 'Missed outbound call',
    ABANDONED: 'Abandoned outbound call',
    BLOCKED: 'Blocked outbound call',
    CANCELLED: 'Cancelled outbound call',
    VOICEMAIL: 'Outbound call to voicemail',
    ONGOING: 'Outbound call in progress',
  },
  UNKNOWN: {
    ANSWERED: 'Answered call',
    MISSED: 'Missed call',
    ABANDONED: 'Abandoned call',
    BLOCKED: 'Blocked call',
    CANCELLED: 'Cancelled call',
    VOICEMAIL: 'Call to voicemail',
    ONGOING: 'Call in progress',
  },
};
export const copyNumber = 'Copy number';
export const copyEvent = 'Copy event';
export const copyCallId = 'Copy call id';
export const copyLinkToThisCall = 'Copy link to this call';
export const callIdCopied = 'Copied the call id';
export const linkCopied = 'Copied the link';
export const yes = 'yes';
export const no = 'no';
export const notKnown = 'not known';
export const events = 'Events';
export const receivedAt = (time: string) => `received ${time}`;

// event-marks
export const receivedTimes = (count: number) => `Received ${number(count)} times`;
export const receivedTimesTag = (count: number) => `received ${number(count)} times`;
export const receivedLate = (happened: ReactNode, received: ReactNode, delay: string) => (
  <>
    Received late: happened at {happened}, received at {received}, {delay} later
  </>
);

// event-sentence
export const otherSide = 'the other side';
export const oursCalls = (ours: string, customer: string) => `${ours} calls ${customer}`;

// call-facts
export const facts = 'Facts';
export const customer = 'Customer';
export const ourSide = 'Our side';
export const reachedThrough = 'Reached through';
export const calledAs = 'Called as';
export const group = 'Group';
export const cameThroughCall = 'Came through call';
export const transferredFromCall = 'Transferred from call';
export const answeredInCall = 'Answered in call';
export const recorded = 'Recorded';
export const transferred = 'Transferred';
export const voicemail = 'Voicemail';
export const labels = 'Labels';
export const state = 'State';
export const callId = 'Call id';
export const openInDialpad = 'Open in Dialpad';

// call-header
export const noNumber = 'No number';
export const endMissing =
  'The end of this call has not been received. It may still be running, or its last event was lost on the way.';

// call-page
export const linkKeywords = 'share address url';
export const calls = 'Calls';

// call-peek
export const call = 'Call';
export const openAsPage = 'Open as a page';
export const openAsPageKey = 'Open as a page (o)';
export const close = 'Close';
export const closeKey = 'Close (Esc)';

// call-view
export const loading = 'Loading';

// duration-bar
export const beforeRinging = 'Before ringing';
export const ringing = 'Ringing';
export const talking = 'Talking';
export const onHold = 'On hold';
export const menuOrQueue = 'Menu or queue';
export const rang = 'Rang';
export const talked = 'Talked';
export const total = 'Total';
export const durations = 'Durations';
export const none = 'none';

// event-log
export const timeline = 'Timeline';
export const rawEvents = 'Raw events';
export const view = 'View';
export const noEvents = 'No event of this call is stored.';
export const showMoreEvents = 'Show more events';

// event-marks
export const outOfOrderMark = 'Out of order: something that happened later was received before it';
export const late = 'late';
export const outOfOrder = 'out of order';

// event-sentence
export const calling = (customer: string) => `Calling ${customer}`;
export const ringsAt = (ours: string) => `Rings at ${ours}`;
export const waitsInQueueOf = (ours: string) => `Waits in the queue of ${ours}`;
export const waitsInQueue = 'Waits in the queue';
export const offHoldBackWith = (ours: string) => `Off hold, back with ${ours}`;
export const offHold = 'Off hold';
export const connectedTo = (ours: string) => `Connected to ${ours}`;
export const connectedThrough = (ours: string) => `Connected through ${ours}`;
export const connected = 'Connected';
export const pickedUpByQueueOf = (ours: string) => `Picked up by the menu or queue of ${ours}`;
export const pickedUpByQueue = 'Picked up by a menu or queue';
export const putOnHoldBy = (ours: string) => `Put on hold by ${ours}`;
export const putOnHold = 'Put on hold';
export const parkedBy = (ours: string) => `Parked by ${ours}`;
export const parked = 'Parked';
export const joinedWithAnotherCall = 'Joined with another call';
export const supervisorListens = 'A supervisor listens';
export const supervisorSpeaksInCall = 'A supervisor speaks in the call';
export const supervisorTakesOver = 'A supervisor takes over';
export const callerReachesVoicemailOf = (ours: string) => `Caller reaches the voicemail of ${ours}`;
export const callerReachesVoicemail = 'Caller reaches voicemail';
export const nobodyAnsweredAt = (ours: string) => `Nobody answered at ${ours}`;
export const nobodyAnswered = 'Nobody answered';
export const callerIsBlocked = 'The caller is blocked';
export const callEnded = 'The call ended';
