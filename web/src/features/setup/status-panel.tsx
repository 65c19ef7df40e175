import { Link } from '@tanstack/react-router';
import { Check, CircleDashed, LoaderCircle, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RefusalReason } from '~/gql/documents';
import { callName } from '~/lib/call-name';
import { useCompany } from '~/lib/company';
import { maySeeDeliveries } from '~/lib/permissions';
import type { PhoneNumber } from '~/lib/phone';
import { clockTime, exactTime, relativeAge, zoneName } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { useNow } from '~/lib/use-now';
import { number } from '~/words/language';
import * as words from '~/words/setup';
import { type EndpointFacts, type Progress, type StepState, WHY } from './progress';
import classes from './status-panel.module.css';

interface NewestCall {
  callId: string;
  dateStarted: string | null;
  externalNumber: PhoneNumber | null;
  contact: { name: string | null } | null;
}

interface StatusPanelProps {
  endpoint: EndpointFacts;
  progress: Progress;
  newestCall: NewestCall | null;
}

export function StatusPanel({ endpoint, progress, newestCall }: StatusPanelProps) {
  const { slug } = useCompany();
  return (
    <div className={classes.panel}>
      <h2 className={classes.title}>{words.statusTitle}</h2>
      <Steps {...{ endpoint, progress, newestCall }} />
      {progress.refusal && <Refusal reason={progress.refusal.reason} />}
      <dl className={classes.counts}>
        <div>
          <dt>{words.accepted}</dt>
          <dd>{number(endpoint.acceptedCount)}</dd>
        </div>
        <div>
          <dt>{words.refused}</dt>
          <dd>{number(endpoint.refusedCount)}</dd>
        </div>
      </dl>
      {progress.received === 'current' && <p className={classes.hint}>{words.makeCall}</p>}
      {progress.firstCall === 'done' && !progress.refusal && (
        <Link to="/c/$company/calls" params={{ company: slug }} className={classes.go}>
          {words.goToCalls}
        </Link>
      )}
    </div>
  );
}

const VERIFIED_WORDS: Partial<Record<StepState, string>> = {
  failed: words.refused,
  done: words.verified,
};

function Steps({ endpoint, progress, newestCall }: StatusPanelProps) {
  const { slug } = useCompany();
  return (
    <ol className={classes.steps} aria-live="polite">
      <Step state={progress.received}>
        {progress.receivedAt
          ? words.receivedAt(<At iso={progress.receivedAt} />)
          : words.waitingForEvent}
      </Step>
      <Step state={progress.verified}>{VERIFIED_WORDS[progress.verified] ?? words.signature}</Step>
      <Step state={progress.firstCall}>
        {newestCall
          ? (endpoint.acceptedCount > 0 ? words.newestCall : words.callNamed)(
              <Link
                to="/c/$company/calls/$callId"
                params={{ company: slug, callId: newestCall.callId }}
                className={classes.call}
              >
                <bdi>{callName(newestCall)}</bdi>
              </Link>,
            )
          : words.yourFirstCall}
      </Step>
    </ol>
  );
}

function Refusal({ reason }: { reason: RefusalReason }) {
  const { slug, viewerRole } = useCompany();
  const { what, fix } = words.REFUSALS[reason];
  return (
    <div className={classes.refusal} role="alert">
      <strong>{what}</strong>
      <p>{fix}</p>
      {maySeeDeliveries(viewerRole) && (
        <p>
          <Link
            to="/c/$company/deliveries"
            params={{ company: slug }}
            search={{ st: 'rejected', why: WHY[reason] }}
          >
            {words.seeRefused}
          </Link>
        </p>
      )}
    </div>
  );
}

function Step({ state, children }: { state: StepState; children: ReactNode }) {
  return (
    <li className={classes.step} data-state={state}>
      <span className={classes.icon}>
        <StepIcon state={state} />
      </span>
      <span className={classes.text}>{children}</span>
    </li>
  );
}

function StepIcon({ state }: { state: StepState }) {
  if (state === 'done') return <Check size={14} role="img" aria-label={words.done} />;
  if (state === 'failed') return <TriangleAlert size={14} role="img" aria-label={words.failed} />;
  if (state === 'current') return <LoaderCircle size={14} role="img" aria-label={words.waiting} />;
  return <CircleDashed size={14} role="img" aria-label={words.later} />;
}

function At({ iso }: { iso: string }) {
  const timeZone = useTimeZone();
  const now = useNow(15_000);
  return (
    <time dateTime={iso} title={exactTime(iso, timeZone)}>
      {clockTime(iso, timeZone)} {zoneName(iso, timeZone)}
      <span className={classes.age}> · {relativeAge(iso, now)}</span>
    </time>
  );
}
