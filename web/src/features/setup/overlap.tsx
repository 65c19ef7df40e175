import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { ConfirmDialog } from '~/components/confirm-dialog';
import { useCompany } from '~/lib/company';
import { mayChangeEndpoint } from '~/lib/permissions';
import { dateAndTime, exactTime, relativeAge } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { useNow } from '~/lib/use-now';
import classes from './overlap.module.css';

interface OverlapProps {
  /** "previous secret" */
  what: string;
  /** "accepted", "works" */
  counts: string;
  until: string;
  lastUsedAt: string | null;
  /** What is lost for whoever still uses it. */
  afterwards: string;
  onEnd: () => Promise<string | null>;
  children?: ReactNode;
}

const CLOCK_MS = 15_000;

/** What was replaced still counts for a while; who looks here decides when it has to end. */
export function Overlap(props: OverlapProps) {
  const { what, counts, until, lastUsedAt, afterwards, onEnd, children } = props;
  const { viewerRole } = useCompany();
  const timeZone = useTimeZone();
  const now = useNow(CLOCK_MS);
  const [asking, ask] = useDisclosure(false);
  return (
    <section className={classes.overlap} aria-label={`The ${what}`}>
      <div className={classes.text}>
        <p>
          The {what} {counts} until{' '}
          <time dateTime={until} title={exactTime(until, timeZone)}>
            {dateAndTime(until, timeZone)}
          </time>
          .
        </p>
        {children}
        <p className={classes.used} data-used={lastUsedAt !== null || undefined}>
          {lastUsedAt === null ? (
            'Nothing has come with it since the change.'
          ) : (
            <>
              Last used{' '}
              <time dateTime={lastUsedAt} title={exactTime(lastUsedAt, timeZone)}>
                {relativeAge(lastUsedAt, now)}
              </time>
              : Dialpad does not know of the change everywhere yet.
            </>
          )}
        </p>
      </div>
      {mayChangeEndpoint(viewerRole) && (
        <Button variant="default" size="xs" onClick={ask.open} aria-label={`End now: the ${what}`}>
          End now
        </Button>
      )}
      <ConfirmDialog
        opened={asking}
        title={`End the ${what} now?`}
        confirm={`End the ${what}`}
        onClose={ask.close}
        onConfirm={onEnd}
      >
        {lastUsedAt === null ? (
          <p>
            Nothing has come with it since the change. This is safe as soon as Dialpad has the new
            one.
          </p>
        ) : (
          <p>
            <strong>It was last used {relativeAge(lastUsedAt, now)}.</strong> {afterwards}
          </p>
        )}
      </ConfirmDialog>
    </section>
  );
}
