import { useQuery } from 'urql';
import { CheckFilter } from '~/components/check-filter';
import { FilterBar } from '~/components/filter-bar';
import { RangeFilter } from '~/components/range-filter';
import { AuditPeopleDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { joinList, listOf } from '~/lib/search-lists';
import { NO_RANGE } from '~/lib/time-range';
import * as words from '~/words/audit';
import { AUDIT_ACTIONS, type AuditSearch, hasAuditFilter } from './audit-search';

interface AuditFiltersProps {
  search: AuditSearch;
  onChange: (part: AuditSearch) => void;
}

const NO_FILTER: AuditSearch = { who: undefined, what: undefined, ...NO_RANGE };
const WHAT_OPTIONS = Object.keys(AUDIT_ACTIONS).map((value) => ({
  value,
  label: words.AUDIT_SUBJECTS[value] ?? value,
}));

export function AuditFilters({ search, onChange }: AuditFiltersProps) {
  return (
    <FilterBar onClear={hasAuditFilter(search) ? () => onChange(NO_FILTER) : null}>
      <WhoFilter who={search.who} onChange={(who) => onChange({ who })} />
      <CheckFilter
        label={words.auditWhat}
        options={WHAT_OPTIONS}
        chosen={listOf(search.what)}
        onChange={(values) => onChange({ what: joinList(values) })}
      />
      <RangeFilter range={search} onChange={onChange} />
    </FilterBar>
  );
}

interface WhoFilterProps {
  who: string | undefined;
  onChange: (who: string | undefined) => void;
}

/** One of the people of now, or whoever was chosen in the log: keys, and people who have left. */
function WhoFilter({ who, onChange }: WhoFilterProps) {
  const { id: company } = useCompany();
  const [{ data }] = useQuery({ query: AuditPeopleDocument, variables: { company } });
  const emails = data?.company?.members.map(({ email }) => email) ?? [];
  const known = who === undefined || emails.includes(who) ? emails : [who, ...emails];
  return (
    <CheckFilter
      label={words.auditWho}
      options={known.map((value) => ({ value, label: value }))}
      chosen={who === undefined ? [] : [who]}
      onChange={(chosen) => onChange(chosen.find((each) => each !== who))}
    />
  );
}
