import { Link } from '@tanstack/react-router';
import { Check, CircleDashed, LoaderCircle, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { callName } from '~/lib/call-name';
import { useCompany } from '~/lib/company';
import { maySeeDeliveries } from '~/lib/permissions';
import type { PhoneNumber } from '~/lib/phone';
import { clockTime, exactTime, relativeAge, zoneName } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { useNow } from '~/lib/use-now';
import { type EndpointFacts, type Progress, REFUSALS, type StepState } from './progress';
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
      <h2 className={classes.title}>What we have received</h2>
      <Steps {...{ endpoint, progress, newestCall }} />
      {progress.refusal && <Refusal reason={progress.refusal.reason} />}
      <dl className={classes.counts}>
        <div>
          <dt>Accepted</dt>
          <dd>{endpoint.acceptedCount.toLocaleString('en')}</dd>
        </div>
        <div>
          <dt>Refused</dt>
          <dd>{endpoint.refusedCount.toLocaleString('en')}</dd>
        </div>
      </dl>
      {progress.received === 'current' && (
        <p className={classes.hint}>
          Make a call in Dialpad, or send a test call from this page. This page notices by itself.
        </p>
      )}
      {progress.firstCall === 'done' && !progress.refusal && (
        <Link to="/c/$company/calls" params={{ company: slug }} className={classes.go}>
          Go to your calls
        </Link>
      )}
    </div>
  );
}

const VERIFIED_WORDS: Partial<Record<StepState, string>> = {
  failed: 'Refused',
  done: 'Verified: the signature matches',
};

function Steps({ endpoint, progress, newestCall }: StatusPanelProps) {
  const { slug } = useCompany();
  return (
    <ol className={classes.steps} aria-live="polite">
      <Step state={progress.received}>
        {progress.receivedAt ? (
          <>
            Received <At iso={progress.receivedAt} />
          </>
        ) : (
          'Waiting for the first event'
        )}
      </Step>
      <Step state={progress.verified}>{VERIFIED_WORDS[progress.verified] ?? 'Signature'}</Step>
      <Step state={progress.firstCall}>
        {newestCall ? (
          <>
            {endpoint.acceptedCount > 0 ? 'Newest call: ' : 'Call: '}
            <Link
              to="/c/$company/calls/$callId"
              params={{ company: slug, callId: newestCall.callId }}
              className={classes.call}
            >
              <bdi>{callName(newestCall)}</bdi>
            </Link>
          </>
        ) : (
          'Your first call'
        )}
      </Step>
    </ol>
  );
}

function Refusal({ reason }: { reason: keyof typeof REFUSALS }) {
  const { slug, viewerRole } = useCompany();
  const { what, fix, why } = REFUSALS[reason];
  return (
    <div className={classes.refusal} role="alert">
      <strong>{what}</strong>
      <p>{fix}</p>
      {maySeeDeliveries(viewerRole) && (
        <p>
          <Link
            to="/c/$company/deliveries"
            params={{ company: slug }}
            search={{ st: 'rejected', why }}
          >
            See what was refused
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
  if (state === 'done') return <Check size={14} role="img" aria-label="Done" />;
  if (state === 'failed') return <TriangleAlert size={14} role="img" aria-label="Failed" />;
  if (state === 'current') return <LoaderCircle size={14} role="img" aria-label="Waiting" />;
  return <CircleDashed size={14} role="img" aria-label="Later" />;
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
