import type { CallState } from '~/gql/documents';
import { STATE_WORDS } from '~/words/call-state';

/** A state that this version does not know is shown as Dialpad says it. */
export function stateWords(state: CallState, raw: string): string {
  return state === 'UNKNOWN' ? raw : STATE_WORDS[state];
}
