// A sentence for an event, from its state and the names in its own payload: the call as a whole may
// by now know somebody else than the event did.
import type { CallState } from '~/gql/documents';
import { withoutBidiControls } from '~/lib/bidi';
import { stateWords } from '~/lib/call-state';
import * as words from '~/words/call';

export interface EventNames {
  /** Our side at the time of the event. */
  ours: string | null;
  customer: string | null;
  /** A person on our side, not a queue or a menu. */
  oursIsPerson: boolean;
  /** Dialpad says a person has taken the call. */
  answered: boolean;
}

const NAME_CHARS_MAX = 120;

export function eventNames(raw: string): EventNames {
  const payload = parseObject(raw);
  const target = objectAt(payload, 'target');
  const contact = objectAt(payload, 'contact');
  const type = textAt(target, 'type') ?? '';
  const operator = payload.operator_call_id;
  const oursIsPerson = type.toLowerCase() === 'user';
  return {
    ours: textAt(target, 'name'),
    customer: textAt(contact, 'name') ?? textAt(payload, 'external_number'),
    oursIsPerson,
    answered:
      Boolean(payload.date_connected) &&
      (oursIsPerson || (operator !== null && operator !== undefined)),
  };
}

export interface EventState {
  state: CallState;
  stateRaw: string;
}

/** `before` is the life-cycle event before this one: Dialpad has no word for the end of a hold. */
export function eventSentence(
  { state, stateRaw }: EventState,
  names: EventNames,
  before: CallState | null = null,
): string {
  const ours = names.ours;
  const customer = names.customer ?? words.otherSide;
  switch (state) {
    case 'CALLING':
      return ours ? words.oursCalls(ours, customer) : words.calling(customer);
    case 'RINGING':
      return ours ? words.ringsAt(ours) : words.ringing;
    case 'QUEUED':
      return ours ? words.waitsInQueueOf(ours) : words.waitsInQueue;
    case 'CONNECTED':
      if (before === 'HOLD') return ours ? words.offHoldBackWith(ours) : words.offHold;
      if (names.answered && names.oursIsPerson && ours) return words.connectedTo(ours);
      if (names.answered) return ours ? words.connectedThrough(ours) : words.connected;
      return ours ? words.pickedUpByQueueOf(ours) : words.pickedUpByQueue;
    case 'HOLD':
      return ours ? words.putOnHoldBy(ours) : words.putOnHold;
    case 'PARKED':
      return ours ? words.parkedBy(ours) : words.parked;
    case 'MERGED':
      return words.joinedWithAnotherCall;
    case 'MONITOR':
    case 'EAVESDROP':
      return words.supervisorListens;
    case 'BARGE':
      return words.supervisorSpeaksInCall;
    case 'TAKEOVER':
      return words.supervisorTakesOver;
    case 'VOICEMAIL':
      return ours ? words.callerReachesVoicemailOf(ours) : words.callerReachesVoicemail;
    case 'MISSED':
      return ours ? words.nobodyAnsweredAt(ours) : words.nobodyAnswered;
    case 'BLOCKED':
      return words.callerIsBlocked;
    case 'HANGUP':
      return words.callEnded;
    default:
      return stateWords(state, stateRaw);
  }
}

function parseObject(raw: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(raw);
    return isObject(value) ? value : {};
  } catch {
    // Stored text that is not JSON still has a state and a time to show.
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectAt(object: Record<string, unknown>, key: string): Record<string, unknown> {
  const value = object[key];
  return isObject(value) ? value : {};
}

function textAt(object: Record<string, unknown>, key: string): string | null {
  const value = object[key];
  if (typeof value !== 'string') return null;
  const text = withoutBidiControls(value).trim();
  if (text === '') return null;
  return text.length > NAME_CHARS_MAX ? `${text.slice(0, NAME_CHARS_MAX)}…` : text;
}
