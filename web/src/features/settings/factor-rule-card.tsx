import { Button, Group, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { ErrorBanner } from '~/components/page-state';
import {
  RequireSecondFactorDocument,
  SecondFactorRuleDocument,
  type SecondFactorRuleQuery,
} from '~/gql/documents';
import { actionFailure } from '~/lib/request-failure';
import { exactTime } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import * as words from '~/words/settings';
import card from './card.module.css';
import { Done, Problem } from './said';
import { Card } from './settings-page';

type Rule = NonNullable<SecondFactorRuleQuery['company']>['secondFactorRule'];

/** Days that people get to set a second factor up. */
const NOTICES = [0, 7, 30] as const;
const DAY_MS = 86_400_000;

/** Whether everybody of the company needs a second factor, and who has none yet. */
export function FactorRuleCard({ companyId }: { companyId: string }) {
  const [{ data, error }, execute] = useQuery({
    query: SecondFactorRuleDocument,
    variables: { company: companyId },
    requestPolicy: 'cache-and-network',
  });
  const refresh = () => execute({ requestPolicy: 'network-only' });
  const rule = data?.company?.secondFactorRule;
  return (
    <Card title={words.factorOfEverybody}>
      <p className={card.hint}>{words.factorOfEverybodyHint}</p>
      {error && <ErrorBanner error={error} onRetry={refresh} />}
      {!rule && !error && (
        <Skeleton height={90} role="status" aria-busy="true" aria-label={words.loading} />
      )}
      {rule && <RuleForm companyId={companyId} rule={rule} onChanged={refresh} />}
    </Card>
  );
}

interface RuleFormProps {
  companyId: string;
  rule: Rule;
  onChanged: () => void;
}

function RuleForm({ companyId, rule, onChanged }: RuleFormProps) {
  const timeZone = useTimeZone();
  const [{ fetching }, require] = useMutation(RequireSecondFactorDocument);
  const [problem, setProblem] = useState<string | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const { requiredFrom, missing } = rule;
  const change = async (from: string | null) => {
    setProblem(null);
    setDone(null);
    const { data, error } = await require({ input: { companyId, requiredFrom: from } });
    const failure = actionFailure(error, data?.requireSecondFactor);
    setProblem(failure);
    if (failure !== null) return;
    setDone(from === null ? words.factorAskedOfNobody : words.factorAskedOfEverybody);
    onChanged();
  };
  const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
  return (
    <>
      <p className={card.line}>
        {requiredFrom === null
          ? words.factorNotRequired
          : words.factorRequiredFrom(
              <time dateTime={requiredFrom}>{exactTime(requiredFrom, timeZone)}</time>,
              new Date(requiredFrom) <= new Date(),
            )}
      </p>
      {missing.length > 0 && (
        <>
          <p className={card.hint}>{words.withoutFactor(missing.length)}</p>
          <ul className={card.list} aria-label={words.peopleWithoutFactor}>
            {missing.map(({ id, email, name }) => (
              <li key={id} className={card.row}>
                <bdi>{name ? `${name} · ${email}` : email}</bdi>
              </li>
            ))}
          </ul>
        </>
      )}
      <Group gap="xs">
        {requiredFrom === null ? (
          NOTICES.map((days) => (
            <Button
              key={days}
              size="xs"
              variant="default"
              disabled={fetching}
              onClick={() => change(inDays(days))}
            >
              {words.requireFactorIn(days)}
            </Button>
          ))
        ) : (
          <Button size="xs" variant="default" loading={fetching} onClick={() => change(null)}>
            {words.requireFactorNoMore}
          </Button>
        )}
      </Group>
      <Done>{done}</Done>
      <Problem text={problem} />
    </>
  );
}
