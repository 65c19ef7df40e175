import * as words from '~/words/group-scope';

/** Groups that are named; of more only how many. */
const NAMED_MAX = 3;

interface ScopeFactProps {
  groups: { groupId: string; name: string | null }[];
}

/** Whose calls somebody sees, in a line. */
export function ScopeFact({ groups }: ScopeFactProps) {
  const names = groups.map(({ groupId, name }) => name ?? groupId);
  const named = names.slice(0, NAMED_MAX).join(', ');
  const more = names.length - NAMED_MAX;
  return (
    <span title={names.join(', ')}>
      {words.sees(<bdi>{more > 0 ? `${named}, ${words.moreGroups(more)}` : named}</bdi>)}
    </span>
  );
}
