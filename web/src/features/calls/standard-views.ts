// The views that every company has from the start.
import { callsViewsWords as words } from '~/words/calls-views';
import type { CallsSearch } from './search-params';
import { lasting } from './views';

/** Nobody made these, and nobody changes them. */
export const STANDARD_VIEWS: readonly { name: string; outcome?: string }[] = [
  { name: words.all },
  { name: words.missed, outcome: 'missed' },
  { name: words.voicemail, outcome: 'voicemail' },
  { name: words.inProgress, outcome: 'ongoing' },
];

/** Which of the standard views a search is. How it is listed does not matter. */
export function standardViewOf(search: CallsSearch): string | null {
  const { list, sort, ...question } = lasting(search);
  const asked = JSON.stringify(question);
  const found = STANDARD_VIEWS.find(({ outcome }) => JSON.stringify({ outcome }) === asked);
  return found?.name ?? null;
}
