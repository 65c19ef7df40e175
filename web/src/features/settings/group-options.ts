// Groups and people as one chooses them: named as Dialpad names groups, `CallCenter:5533` or `User:31`.
import type { GroupChoicesQuery } from '~/gql/documents';

type Facets = NonNullable<GroupChoicesQuery['company']>['callFacets'];
type ScopedGroup = { groupId: string; name: string | null };

export interface GroupOption {
  value: string;
  label: string;
}

/** Whoever was on calls and what is known besides, each once, by name. */
export function groupOptions(facets: Facets | undefined, known: GroupOption[]): GroupOption[] {
  const people = (facets?.person ?? []).flatMap(({ party: { type, id, name, email } }) =>
    id === null ? [] : [{ value: `${kindWord(type)}:${id}`, label: name ?? email ?? id }],
  );
  const options = new Map<string, GroupOption>();
  for (const option of [...(facets?.group ?? []).map(groupOption), ...people, ...known]) {
    const before = options.get(option.value);
    // A name says more than an id.
    if (!before || before.label === before.value) options.set(option.value, option);
  }
  return distinct([...options.values()]).toSorted((one, other) =>
    one.label.localeCompare(other.label),
  );
}

export function groupOption({ groupId, name }: ScopedGroup): GroupOption {
  return { value: groupId, label: name ?? groupId };
}

/** The group whose id was typed; the server knows how its kind may be spelled. */
export function typedGroup(text: string): string | null {
  const [, kind, id] = /^\s*([a-z][a-z_ -]*):([\p{L}\p{N}_.-]+)\s*$/iu.exec(text) ?? [];
  return kind && id ? `${kindWord(kind)}:${id}` : null;
}

/** Two of the same name are told apart by their ids. */
function distinct(options: GroupOption[]): GroupOption[] {
  const isShared = ({ label }: GroupOption) =>
    options.filter((other) => other.label === label).length > 1;
  return options.map((option) =>
    isShared(option) ? { ...option, label: `${option.label} (${option.value})` } : option,
  );
}

/** `call_center` → `CallCenter`. */
function kindWord(kind: string): string {
  return kind
    .split(/[_ -]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
