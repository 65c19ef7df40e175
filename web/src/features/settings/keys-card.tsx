import { Button } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { ConfirmDialog } from '~/components/confirm-dialog';
import { DottedFacts } from '~/components/dotted-facts';
import { RevokeApiKeyDocument, RotateApiKeyDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { actionFailure } from '~/lib/request-failure';
import { exactTime, relativeAge, shortDate } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { say } from '~/lib/toast';
import { useNow } from '~/lib/use-now';
import * as words from '~/words/settings';
import card from './card.module.css';
import { isInUse, scopesText } from './key-words';
import type { ApiKey, MadeKey } from './keys-page';
import classes from './keys-page.module.css';
import { Card } from './settings-page';

const CLOCK_MS = 60_000;
/** How long the old one is good beside the new one. */
const OVERLAP_HOURS = 24;

interface KeysCardProps {
  keys: ApiKey[];
  onMade: (key: MadeKey) => void;
  onChanged: () => void;
}

type Asked = { kind: 'replace' | 'revoke'; key: ApiKey };

export function KeysCard({ keys, onMade, onChanged }: KeysCardProps) {
  const { id: companyId } = useCompany();
  const [asked, ask] = useState<Asked | null>(null);
  const [, rotate] = useMutation(RotateApiKeyDocument);
  const [, revoke] = useMutation(RevokeApiKeyDocument);
  const now = useNow(CLOCK_MS);
  const replaces = asked?.kind === 'replace';

  const onConfirm = async () => {
    if (asked === null) return null;
    const input = { companyId, apiKeyId: asked.key.id };
    if (asked.kind === 'revoke') {
      const { data, error } = await revoke({ input });
      const failure = actionFailure(error, data?.revokeApiKey);
      if (failure !== null) return failure;
      say(words.keyIsRevoked);
      onChanged();
      return null;
    }
    const answer = await rotate({ input: { ...input, overlapHours: OVERLAP_HOURS } });
    const failure = actionFailure(answer.error, answer.data?.rotateApiKey);
    if (failure !== null) return failure;
    const secret = answer.data?.rotateApiKey.secret;
    if (secret) onMade({ name: asked.key.name, secret });
    return null;
  };

  return (
    <Card title={words.apiKeys}>
      {keys.length === 0 && <p className={card.hint}>{words.noKeys}</p>}
      <ul className={card.list}>
        {keys.map((key) => (
          <li key={key.id} className={card.row}>
            <KeyText apiKey={key} now={now} />
            <span className={card.actions}>
              {!key.isExpired && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={words.replaceOf(key.name)}
                  onClick={() => ask({ kind: 'replace', key })}
                >
                  {words.replace}
                </Button>
              )}
              <Button
                size="compact-sm"
                variant="default"
                aria-label={words.revokeOf(key.name)}
                onClick={() => ask({ kind: 'revoke', key })}
              >
                {words.revoke}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <ConfirmDialog
        opened={asked !== null}
        title={replaces ? words.replaceKeyTitle : words.revokeKeyTitle}
        confirm={replaces ? words.makeNewKey : words.revoke}
        onClose={() => ask(null)}
        onConfirm={onConfirm}
      >
        {replaces ? (
          <p>{words.replaceKeyEffect(OVERLAP_HOURS)}</p>
        ) : (
          <p>
            {words.revokeKeyEffect(<bdi>{asked?.key.name}</bdi>)}{' '}
            {asked && isInUse(asked.key.lastUsedAt, now) && <strong>{words.usedLately}</strong>}
          </p>
        )}
      </ConfirmDialog>
    </Card>
  );
}

function KeyText({ apiKey, now }: { apiKey: ApiKey; now: Date }) {
  const timeZone = useTimeZone();
  const { name, hint, scopes, createdBy, createdAt, lastUsedAt, expiresAt, isExpired, networks } =
    apiKey;
  return (
    <div className={card.text}>
      <bdi className={card.strong}>{name}</bdi> <code className={classes.code}>{hint}…</code>
      <span className={card.facts}>{scopesText(scopes)}</span>
      {networks.length > 0 && <span className={card.facts}>{words.onlyFrom(networks)}</span>}
      <span className={card.facts}>
        <DottedFacts
          facts={[
            createdBy
              ? words.madeBy(shortDate(createdAt, timeZone), <bdi>{createdBy}</bdi>)
              : words.made(shortDate(createdAt, timeZone)),
            lastUsedAt
              ? words.lastUsed(
                  <time dateTime={lastUsedAt} title={exactTime(lastUsedAt, timeZone)}>
                    {relativeAge(lastUsedAt, now)}
                  </time>,
                )
              : words.neverUsed,
            ...(expiresAt
              ? [(isExpired ? words.ranOut : words.goodUntil)(shortDate(expiresAt, timeZone))]
              : []),
          ]}
        />
      </span>
    </div>
  );
}
