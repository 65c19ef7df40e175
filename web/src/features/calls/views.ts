// Views that are kept under a name: what is searched, how it is listed, and the columns. The server
// keeps the text as it was given, so whatever comes back is read as carefully as an address.
import type { SavedViewFieldsFragment } from '~/gql/documents';
import { joinList } from '~/lib/search-lists';
import { type Column, readColumns } from './columns';
import { type CallsSearch, readCallsSearch } from './search-params';

interface ViewContent {
  search: CallsSearch;
  columns: readonly Column[];
}

export interface KeptView extends Omit<SavedViewFieldsFragment, 'content'>, ViewContent {}

/** What of a search belongs to a view: neither the page of the list nor the call that is open. */
export function lasting(search: CallsSearch): CallsSearch {
  const { view, after, before, call, ...kept } = readCallsSearch({ ...search });
  return kept;
}

export function writeContent({ search, columns }: ViewContent): string {
  return JSON.stringify({ search: lasting(search), columns });
}

/** What cannot be read is a view of all calls, with the columns of everybody. */
export function readContent(content: string): ViewContent {
  const { search, columns } = recordOf(parse(content));
  const names = Array.isArray(columns) ? columns.filter((each) => typeof each === 'string') : [];
  return {
    search: lasting(readCallsSearch(recordOf(search))),
    columns: readColumns(joinList(names) ?? null),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** One's own first, then those of others; the server gives both by name. */
export function keptViews(views: SavedViewFieldsFragment[]): KeptView[] {
  const read = views.map(({ content, ...view }) => ({ ...view, ...readContent(content) }));
  return [...read.filter(({ isOwn }) => isOwn), ...read.filter(({ isOwn }) => !isOwn)];
}

export const isSameView = (one: ViewContent, other: ViewContent): boolean =>
  writeContent(one) === writeContent(other);
