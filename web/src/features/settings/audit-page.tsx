import { Button, Skeleton, Stack } from '@mantine/core';
import { ShieldCheck, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useClient, useQuery } from 'urql';
import { ListTime } from '~/components/list-time';
import { ErrorBanner, ForbiddenState } from '~/components/page-state';
import { AuditDocument, type AuditQuery } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { groupByDay } from '~/lib/day-groups';
import { isForbidden } from '~/lib/graphql-error';
import { failureText } from '~/lib/request-failure';
import { dayLabel } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { useNow } from '~/lib/use-now';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/settings';
import classes from './audit-page.module.css';
import { auditSentence } from './audit-words';
import { Card, SettingsPage } from './settings-page';

type Log = NonNullable<AuditQuery['company']>;
type Entry = Log['audit']['nodes'][number];

const ENTRIES_PER_PAGE = 50;
const CLOCK_MS = 60_000;

/** Who changed what, newest first, and whether the log itself is whole. */
export function AuditPage() {
  const company = useCompany();
  const allowed = company.viewerMay.includes('READ_AUDIT');
  usePageTitle(words.auditLog, words.settings, company.name);
  const [{ data, error }, execute] = useQuery({
    query: AuditDocument,
    variables: { company: company.id, first: ENTRIES_PER_PAGE },
    requestPolicy: 'cache-and-network',
    pause: !allowed,
  });
  if (!allowed || isForbidden(error)) return <ForbiddenState companyName={company.name} />;
  const log = data?.company;
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
          {log.audit.nodes.length === 0 ? (
            <p className={classes.none}>{words.noEntries}</p>
          ) : (
            // What was read further belongs to this first page.
            <Entries key={log.audit.nodes[0]?.number} first={log.audit} />
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
      {check.isWhole ? words.whole : words.brokenFrom(check.brokenAt)}
    </span>
  );
}

function Entries({ first }: { first: Log['audit'] }) {
  const timeZone = useTimeZone();
  const now = useNow(CLOCK_MS);
  const { entries, more, busy, problem } = useMore(first);
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
                  <bdi className={classes.actor}>{entry.actor}</bdi> {auditSentence(entry)}
                  <span className={classes.facts}>
                    {entry.address
                      ? words.entryFrom(entry.number, entry.address)
                      : words.entryNumber(entry.number)}
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
function useMore(first: Log['audit']) {
  const company = useCompany();
  const client = useClient();
  const [older, setOlder] = useState<Entry[]>([]);
  const [place, setPlace] = useState(first.pageInfo);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const read = async () => {
    setBusy(true);
    const variables = { company: company.id, first: ENTRIES_PER_PAGE, after: place.endCursor };
    const { data, error } = await client.query(AuditDocument, variables).toPromise();
    setBusy(false);
    setProblem(error ? failureText(error) : null);
    const page = data?.company?.audit;
    if (!page) return;
    setOlder([...older, ...page.nodes]);
    setPlace(page.pageInfo);
  };
  return {
    entries: [...first.nodes, ...older],
    more: place.hasNextPage ? read : null,
    busy,
    problem,
  };
}
