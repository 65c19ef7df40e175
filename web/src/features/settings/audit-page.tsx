import { Button, Skeleton, Stack, UnstyledButton } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Download, ShieldCheck, TriangleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { ListTime } from '~/components/list-time';
import { ErrorBanner, ForbiddenState } from '~/components/page-state';
import { AuditDocument, type AuditFilter, type AuditQuery } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { groupByDay } from '~/lib/day-groups';
import { isForbidden } from '~/lib/graphql-error';
import { failureText } from '~/lib/request-failure';
import { dayLabel } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { useNow } from '~/lib/use-now';
import { usePageTitle } from '~/lib/use-page-title';
import * as audit from '~/words/audit';
import * as words from '~/words/settings';
import { AuditFilters } from './audit-filters';
import classes from './audit-page.module.css';
import {
  type AuditSearch,
  auditFilter,
  exportAddress,
  hasAuditFilter,
  readAuditSearch,
} from './audit-search';
import { auditSentence } from './audit-words';
import { Card, SettingsPage } from './settings-page';

type Log = NonNullable<AuditQuery['company']>;
type Entry = Log['audit']['nodes'][number];

const ENTRIES_PER_PAGE = 50;
const CLOCK_MS = 60_000;

/** Who changed what, newest first, and whether the log itself is whole. */
export function AuditPage({ search }: { search: AuditSearch }) {
  const company = useCompany();
  const navigate = useNavigate();
  // Once for each choice: what passed since a moment ago is a choice of the past.
  const filter = useMemo(
    () => auditFilter(search, company.timeZone, new Date()),
    [search, company.timeZone],
  );
  const allowed = company.viewerMay.includes('READ_AUDIT');
  usePageTitle(words.auditLog, words.settings, company.name);
  const [{ data, error }, execute] = useQuery({
    query: AuditDocument,
    variables: { company: company.id, first: ENTRIES_PER_PAGE, filter },
    requestPolicy: 'cache-and-network',
    pause: !allowed,
  });
  if (!allowed || isForbidden(error)) return <ForbiddenState companyName={company.name} />;
  const log = data?.company;
  const change = (part: AuditSearch) =>
    navigate({ to: '.', search: readAuditSearch({ ...search, ...part }) });
  return (
    <SettingsPage>
      {error && (
        <ErrorBanner error={error} onRetry={() => execute({ requestPolicy: 'network-only' })} />
      )}
      {!log && !error && (
        <Stack role="status" aria-busy="true" aria-label={words.loading}>
          <Skeleton height={30} />
          <Skeleton height={280} />
        </Stack>
      )}
      {log && (
        <Card title={words.auditLog} action={<Check check={log.auditCheck} />}>
          <div className={classes.tools}>
            <AuditFilters search={search} onChange={change} />
            <Button
              component="a"
              href={exportAddress(company.id, filter)}
              download
              size="compact-sm"
              variant="default"
              leftSection={<Download size={14} aria-hidden />}
            >
              {audit.exportLog}
            </Button>
          </div>
          {log.audit.nodes.length === 0 ? (
            <p className={classes.none}>
              {hasAuditFilter(search) ? audit.noEntryFits : words.noEntries}
            </p>
          ) : (
            // What was read further belongs to this first page.
            <Entries
              key={`${log.audit.nodes[0]?.number} ${JSON.stringify(filter)}`}
              first={log.audit}
              filter={filter}
              onWho={(who) => change({ who })}
            />
          )}
        </Card>
      )}
    </SettingsPage>
  );
}

function Check({ check }: { check: Log['auditCheck'] }) {
  const Icon = check.isWhole ? ShieldCheck : TriangleAlert;
  return (
    <span
      className={classes.check}
      data-broken={!check.isWhole || undefined}
      title={words.digestHint}
    >
      <Icon size={15} aria-hidden />
      {check.isWhole ? words.whole : audit.brokenFrom(check.brokenAt)}
    </span>
  );
}

interface EntriesProps {
  first: Log['audit'];
  filter: AuditFilter;
  onWho: (who: string) => void;
}

function Entries({ first, filter, onWho }: EntriesProps) {
  const timeZone = useTimeZone();
  const now = useNow(CLOCK_MS);
  const { entries, more, busy, problem } = useMore(first, filter);
  return (
    <>
      {groupByDay(entries, ({ at }) => at, timeZone).map((day) => (
        <section key={day.key}>
          <h3 className={classes.day}>{dayLabel(day.at, timeZone, now)}</h3>
          <ul className={classes.list}>
            {day.rows.map((entry) => (
              <li key={entry.number} className={classes.entry}>
                <span className={classes.at}>
                  <ListTime iso={entry.at} />
                </span>
                <span className={classes.text}>
                  <UnstyledButton
                    className={classes.actor}
                    title={audit.onlyOf(entry.actor)}
                    onClick={() => onWho(entry.actor)}
                  >
                    <bdi>{entry.actor}</bdi>
                  </UnstyledButton>{' '}
                  {auditSentence(entry)}
                  <span className={classes.facts}>
                    {entry.address
                      ? audit.entryFrom(entry.number, entry.address)
                      : audit.entryNumber(entry.number)}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      {more && (
        <Button size="xs" variant="default" mt="sm" loading={busy} onClick={more}>
          {words.olderEntries}
        </Button>
      )}
    </>
  );
}

/** The first page, and what was read behind it since. */
function useMore(first: Log['audit'], filter: AuditFilter) {
  const company = useCompany();
  const client = useClient();
  const [older, setOlder] = useState<Entry[]>([]);
  const [place, setPlace] = useState(first.pageInfo);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const read = async () => {
    setBusy(true);
    const page = { first: ENTRIES_PER_PAGE, after: place.endCursor };
    const variables = { company: company.id, ...page, filter };
    const { data, error } = await client.query(AuditDocument, variables).toPromise();
    setBusy(false);
    setProblem(error ? failureText(error) : null);
    const read = data?.company?.audit;
    if (!read) return;
    setOlder([...older, ...read.nodes]);
    setPlace(read.pageInfo);
  };
  return {
    entries: [...first.nodes, ...older],
    more: place.hasNextPage ? read : null,
    busy,
    problem,
  };
}
