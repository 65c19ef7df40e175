import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { callName } from '~/lib/call-name';
import { useCompany } from '~/lib/company';
import { dateAndTime, duration, exactTime, relativeAge } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { byteSize, shortTime } from '~/lib/units';
import { useNow } from '~/lib/use-now';
import * as words from '~/words/deliveries';
import classes from './delivery-facts.module.css';
import { aboutText, statusText } from './delivery-words';
import type { DeliveryDetail } from './use-deliveries';

const CLOCK_MS = 30_000;
/** Below this an event has not waited anywhere, whatever two clocks say. */
const NOTABLE_AGE_MS = 1_000;

export function DeliveryFacts({ delivery }: { delivery: DeliveryDetail }) {
  const about = aboutText(delivery);
  return (
    <dl className={classes.facts}>
      <Fact label={words.received}>
        <When iso={delivery.receivedAt} aged />
      </Fact>
      <Fact label={words.answeredWith}>{statusText(delivery.status)}</Fact>
      <Fact label={words.kind}>{about ?? <Faint>{words.unknownKind}</Faint>}</Fact>
      {delivery.occurredAt !== null && (
        <Fact label={words.happened}>
          <When iso={delivery.occurredAt} />
          <Age from={delivery.occurredAt} to={delivery.receivedAt} />
        </Fact>
      )}
      <Fact label={words.effect}>
        <Effect delivery={delivery} />
      </Fact>
      <Fact label={words.secretThatFitted}>
        {delivery.key ? words.KEY_WORDS[delivery.key] : <Faint>{words.noSecretKnown}</Faint>}
      </Fact>
      {delivery.previousUrl && <Fact label={words.requestUrl}>{words.previousUrl}</Fact>}
      <Fact label={words.size}>
        {delivery.bodyBytes === null ? (
          <Faint>{words.notKnown}</Faint>
        ) : (
          byteSize(delivery.bodyBytes)
        )}
      </Fact>
      <Fact label={words.timeTaken}>
        {delivery.latencyMs === null ? (
          <Faint>{words.notKnown}</Faint>
        ) : (
          words.latency(shortTime(delivery.latencyMs))
        )}
      </Fact>
      {delivery.recovered && <Fact label={words.recoveredLabel}>{words.recoveredHow}</Fact>}
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Faint({ children }: { children: ReactNode }) {
  return <span className={classes.faint}>{children}</span>;
}

function When({ iso, aged = false }: { iso: string; aged?: boolean }) {
  const timeZone = useTimeZone();
  const now = useNow(aged ? CLOCK_MS : null);
  return (
    <time dateTime={iso} title={exactTime(iso, timeZone)}>
      {dateAndTime(iso, timeZone)}
      {aged && <span className={classes.line}>{relativeAge(iso, now)}</span>}
    </time>
  );
}

function Age({ from, to }: { from: string; to: string }) {
  const ms = Date.parse(to) - Date.parse(from);
  if (Math.abs(ms) < NOTABLE_AGE_MS) return null;
  // Two clocks: an event can arrive before it happened.
  const said = ms < 0 ? words.afterArrival(duration(-ms)) : words.beforeArrival(duration(ms));
  return <span className={classes.line}>{said}</span>;
}

function Effect({ delivery }: { delivery: DeliveryDetail }) {
  const { slug } = useCompany();
  const { call, effect, outcome } = delivery;
  const said = outcome === 'DUPLICATE' ? words.knownAlready : words.EFFECT_WORDS[effect];
  return (
    <>
      {said}
      {call && (
        <Link
          to="/c/$company/calls/$callId"
          params={{ company: slug, callId: call.callId }}
          className={classes.call}
        >
          <bdi>{callName(call)}</bdi>
        </Link>
      )}
    </>
  );
}
