import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { ConfirmDialog } from '~/components/confirm-dialog';
import { useCompany } from '~/lib/company';
import { mayChangeEndpoint } from '~/lib/permissions';
import { dateAndTime, exactTime, relativeAge } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { useNow } from '~/lib/use-now';
import * as words from '~/words/setup';
import classes from './overlap.module.css';

interface OverlapProps {
  said: words.OverlapWords;
  until: string;
  lastUsedAt: string | null;
  onEnd: () => Promise<string | null>;
  children?: ReactNode;
}

const CLOCK_MS = 15_000;

/** What was replaced still counts for a while; who looks here decides when it has to end. */
export function Overlap(props: OverlapProps) {
  const { said, until, lastUsedAt, onEnd, children } = props;
  const { viewerRole } = useCompany();
  const timeZone = useTimeZone();
  const now = useNow(CLOCK_MS);
  const [asking, ask] = useDisclosure(false);
  return (
    <section className={classes.overlap} aria-label={said.name}>
      <div className={classes.text}>
        <p>
          {said.until(
            <time dateTime={until} title={exactTime(until, timeZone)}>
              {dateAndTime(until, timeZone)}
            </time>,
          )}
        </p>
        {children}
        <p className={classes.used} data-used={lastUsedAt !== null || undefined}>
          {lastUsedAt === null
            ? words.unused
            : words.stillUsed(
                <time dateTime={lastUsedAt} title={exactTime(lastUsedAt, timeZone)}>
                  {relativeAge(lastUsedAt, now)}
                </time>,
              )}
        </p>
      </div>
      {mayChangeEndpoint(viewerRole) && (
        <Button variant="default" size="xs" onClick={ask.open} aria-label={said.endNow}>
          {words.endNow}
        </Button>
      )}
      <ConfirmDialog
        opened={asking}
        title={said.endTitle}
        confirm={said.end}
        onClose={ask.close}
        onConfirm={onEnd}
      >
        {lastUsedAt === null ? (
          <p>{words.endIsSafe}</p>
        ) : (
          <p>
            <strong>{words.lastUsed(relativeAge(lastUsedAt, now))}</strong> {said.afterwards}
          </p>
        )}
      </ConfirmDialog>
    </section>
  );
}
