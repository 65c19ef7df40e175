import { Button } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { ConfirmDialog } from '~/components/confirm-dialog';
import { RevokeApiKeyDocument, RotateApiKeyDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { actionFailure } from '~/lib/request-failure';
import { exactTime, relativeAge, shortDate } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { say } from '~/lib/toast';
import { useNow } from '~/lib/use-now';
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
      say('The key is revoked');
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
    <Card title="API keys">
      {keys.length === 0 && <p className={classes.hint}>There is none.</p>}
      <ul className={classes.list}>
        {keys.map((key) => (
          <li key={key.id} className={classes.key}>
            <KeyText apiKey={key} now={now} />
            <span className={classes.actions}>
              {!key.isExpired && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Replace: ${key.name}`}
                  onClick={() => ask({ kind: 'replace', key })}
                >
                  Replace
                </Button>
              )}
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Revoke: ${key.name}`}
                onClick={() => ask({ kind: 'revoke', key })}
              >
                Revoke
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <ConfirmDialog
        opened={asked !== null}
        title={replaces ? 'Replace this key?' : 'Revoke this key?'}
        confirm={replaces ? 'Make a new key' : 'Revoke'}
        onClose={() => ask(null)}
        onConfirm={onConfirm}
      >
        {replaces ? (
          <p>
            You get a new key with the same rights at once. The one of now is good for another{' '}
            {OVERLAP_HOURS} hours.
          </p>
        ) : (
          <p>
            Nothing can use <bdi>{asked?.key.name}</bdi> any more, within seconds.
            {asked && isInUse(asked.key.lastUsedAt, now) && (
              <strong> It was used within the last 24 hours.</strong>
            )}
          </p>
        )}
      </ConfirmDialog>
    </Card>
  );
}

function KeyText({ apiKey, now }: { apiKey: ApiKey; now: Date }) {
  const timeZone = useTimeZone();
  const { name, hint, scopes, createdBy, createdAt, lastUsedAt, expiresAt, isExpired } = apiKey;
  return (
    <div className={classes.text}>
      <bdi className={classes.name}>{name}</bdi> <code className={classes.code}>{hint}…</code>
      <span className={classes.facts}>{scopesText(scopes)}</span>
      <span className={classes.facts}>
        made {shortDate(createdAt, timeZone)}
        {createdBy && (
          <>
            {' '}
            by <bdi>{createdBy}</bdi>
          </>
        )}{' '}
        ·{' '}
        {lastUsedAt ? (
          <>
            last used{' '}
            <time dateTime={lastUsedAt} title={exactTime(lastUsedAt, timeZone)}>
              {relativeAge(lastUsedAt, now)}
            </time>
          </>
        ) : (
          'never used'
        )}
        {expiresAt && (
          <>
            {' '}
            · {isExpired ? 'ran out' : 'good until'} {shortDate(expiresAt, timeZone)}
          </>
        )}
      </span>
    </div>
  );
}
