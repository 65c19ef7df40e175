import { Button } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { ConfirmDialog } from '~/components/confirm-dialog';
import { EndSessionDocument, EndSessionsDocument, type SecurityQuery } from '~/gql/documents';
import { actionFailure } from '~/lib/request-failure';
import { plural } from '~/lib/text';
import { exactTime, relativeAge, shortDate } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { say } from '~/lib/toast';
import { useNow } from '~/lib/use-now';
import { deviceWords } from './device-words';
import classes from './security-page.module.css';
import { Card } from './settings-page';

type Session = SecurityQuery['viewer']['sessions'][number];

const CLOCK_MS = 30_000;

interface SessionsCardProps {
  sessions: Session[];
  onEnded: () => void;
}

export function SessionsCard({ sessions, onEnded }: SessionsCardProps) {
  const [asked, ask] = useState<Session | 'others' | null>(null);
  const [, endOne] = useMutation(EndSessionDocument);
  const [, endOthers] = useMutation(EndSessionsDocument);
  const others = sessions.filter(({ isCurrent }) => !isCurrent);

  const end = async () => {
    if (asked === 'others') {
      const { data, error } = await endOthers({ input: { keepCurrent: true } });
      const failure = actionFailure(error, data?.endSessions);
      if (failure !== null) return failure;
      say(`${plural(data?.endSessions.endedCount ?? 0, 'session', 'sessions')} ended`);
    } else if (asked !== null) {
      const { data, error } = await endOne({ input: { sessionId: asked.id } });
      const failure = actionFailure(error, data?.endSession);
      if (failure !== null) return failure;
      say('The session is ended');
    }
    onEnded();
    return null;
  };

  return (
    <Card
      title="Where you are signed in"
      action={
        others.length > 0 && (
          <Button size="xs" variant="default" onClick={() => ask('others')}>
            Sign out everywhere else
          </Button>
        )
      }
    >
      <ul className={classes.sessions}>
        {sessions.map((session) => (
          <SessionLine key={session.id} session={session} onEnd={() => ask(session)} />
        ))}
      </ul>
      <ConfirmDialog
        opened={asked !== null}
        title={asked === 'others' ? 'Sign out everywhere else?' : 'End this session?'}
        confirm={asked === 'others' ? 'Sign out everywhere else' : 'End the session'}
        onClose={() => ask(null)}
        onConfirm={end}
      >
        {asked === 'others' ? (
          <p>
            {plural(others.length, 'session ends', 'sessions end')} within seconds; this one stays.
          </p>
        ) : (
          <p>
            {asked && deviceWords(asked.userAgent)} is signed out within seconds. Whoever knows the
            password can sign in again there.
          </p>
        )}
      </ConfirmDialog>
    </Card>
  );
}

function SessionLine({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const timeZone = useTimeZone();
  const now = useNow(CLOCK_MS);
  const { address, userAgent, lastSeenAt, startedAt, expiresAt, isCurrent } = session;
  const device = deviceWords(userAgent);
  return (
    <li className={classes.session}>
      <div className={classes.sessionText}>
        <span className={classes.strong} title={userAgent ?? undefined}>
          {device}
        </span>
        {isCurrent && (
          <span className={classes.badge} data-good>
            This session
          </span>
        )}
        <span className={classes.sessionFacts}>
          {address ?? 'Unknown address'} · last used{' '}
          <time dateTime={lastSeenAt} title={exactTime(lastSeenAt, timeZone)}>
            {relativeAge(lastSeenAt, now)}
          </time>{' '}
          · signed in{' '}
          <time dateTime={startedAt} title={exactTime(startedAt, timeZone)}>
            {shortDate(startedAt, timeZone)}
          </time>
          , until {shortDate(expiresAt, timeZone)}
        </span>
      </div>
      {!isCurrent && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={onEnd}
          aria-label={`End the session of ${device}, ${address ?? 'unknown address'}`}
        >
          End
        </Button>
      )}
    </li>
  );
}
