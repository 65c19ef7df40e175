import { Button } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { ConfirmDialog } from '~/components/confirm-dialog';
import { DottedFacts } from '~/components/dotted-facts';
import { EndSessionDocument, EndSessionsDocument, type SecurityQuery } from '~/gql/documents';
import { actionFailure } from '~/lib/request-failure';
import { exactTime, relativeAge, shortDate } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { say } from '~/lib/toast';
import { useNow } from '~/lib/use-now';
import * as words from '~/words/settings';
import card from './card.module.css';
import { deviceWords } from './device-words';
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
      say(words.sessionsEnded(data?.endSessions.endedCount ?? 0));
    } else if (asked !== null) {
      const { data, error } = await endOne({ input: { sessionId: asked.id } });
      const failure = actionFailure(error, data?.endSession);
      if (failure !== null) return failure;
      say(words.sessionIsEnded);
    }
    onEnded();
    return null;
  };

  return (
    <Card
      title={words.whereYouAreSignedIn}
      action={
        others.length > 0 && (
          <Button size="xs" variant="default" onClick={() => ask('others')}>
            {words.signOutElsewhere}
          </Button>
        )
      }
    >
      <ul className={card.list}>
        {sessions.map((session) => (
          <SessionLine key={session.id} session={session} onEnd={() => ask(session)} />
        ))}
      </ul>
      <ConfirmDialog
        opened={asked !== null}
        title={asked === 'others' ? words.signOutElsewhereTitle : words.endThisSession}
        confirm={asked === 'others' ? words.signOutElsewhere : words.endSession}
        onClose={() => ask(null)}
        onConfirm={end}
      >
        {asked === 'others' ? (
          <p>{words.othersEnd(others.length)}</p>
        ) : (
          <p>{asked && words.sessionEnds(deviceWords(asked.userAgent))}</p>
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
    <li className={card.row}>
      <div className={card.text}>
        <span className={card.strong} title={userAgent ?? undefined}>
          {device}
        </span>
        {isCurrent && (
          <span className={card.badge} data-good>
            {words.thisSession}
          </span>
        )}
        <span className={card.facts}>
          <DottedFacts
            facts={[
              address ?? words.unknownAddress,
              words.lastUsed(
                <time dateTime={lastSeenAt} title={exactTime(lastSeenAt, timeZone)}>
                  {relativeAge(lastSeenAt, now)}
                </time>,
              ),
              words.signedIn(
                <time dateTime={startedAt} title={exactTime(startedAt, timeZone)}>
                  {shortDate(startedAt, timeZone)}
                </time>,
                shortDate(expiresAt, timeZone),
              ),
            ]}
          />
        </span>
      </div>
      {!isCurrent && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={onEnd}
          aria-label={words.endSessionOf(device, address ?? words.unknownAddress)}
        >
          {words.end}
        </Button>
      )}
    </li>
  );
}
