// The states of a call in the words people read.
import type { CallState } from '~/gql/documents';

export const STATE_WORDS: Record<Exclude<CallState, 'UNKNOWN'>, string> = {
  PREANSWER: 'Before answer',
  CALLING: 'Calling',
  RINGING: 'Ringing',
  QUEUED: 'In the queue',
  CONNECTED: 'Connected',
  HOLD: 'On hold',
  PARKED: 'Parked',
  MERGED: 'Merged',
  MONITOR: 'Monitored',
  EAVESDROP: 'Listened in',
  BARGE: 'Barged in',
  TAKEOVER: 'Taken over',
  ADMIN: 'Admin',
  VOICEMAIL: 'Voicemail',
  BLOCKED: 'Blocked',
  MISSED: 'Missed',
  HANGUP: 'Hung up',
  VOICEMAIL_UPLOADED: 'Voicemail stored',
  TRANSCRIPTION: 'Voicemail transcribed',
  RECORDING: 'Recording stored',
  ADMIN_RECORDING: 'Admin recording stored',
  CALL_TRANSCRIPTION: 'Transcript ready',
  RECAP_SUMMARY: 'Recap: summary',
  RECAP_OUTCOME: 'Recap: outcome',
  RECAP_PURPOSES: 'Recap: purposes',
  RECAP_ACTION_ITEMS: 'Recap: action items',
  CALL_MOMENTS: 'Moments',
  AI_PLAYBOOK: 'Playbook',
  CSAT: 'Satisfaction survey',
  PCSAT: 'Predicted satisfaction',
  POSTCALL: 'Wrap-up',
  DISPOSITIONS: 'Disposition',
};

export function stateWords(state: CallState, raw: string): string {
  return state === 'UNKNOWN' ? raw : STATE_WORDS[state];
}
