import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { callName } from '~/lib/call-name';
import { useCompany } from '~/lib/company';
import { dateAndTime, duration, exactTime, relativeAge } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { byteSize, shortTime } from '~/lib/units';
import { useNow } from '~/lib/use-now';
import classes from './delivery-facts.module.css';
import { aboutText, EFFECT_WORDS, KEY_WORDS, statusText } from './delivery-words';
import type { DeliveryDetail } from './use-deliveries';

const CLOCK_MS = 30_000;
/** Below this an event has not waited anywhere, whatever two clocks say. */
const NOTABLE_AGE_MS = 1_000;

export function DeliveryFacts({ delivery }: { delivery: DeliveryDetail }) {
  const about = aboutText(delivery);
  return (
    <dl className={classes.facts}>
      <Fact label="Received">
        <When iso={delivery.receivedAt} aged />
      </Fact>
      <Fact label="Answered with">{statusText(delivery.status)}</Fact>
      <Fact label="What it was">{about ?? <Faint>Unknown, since it was not taken in</Faint>}</Fact>
      {delivery.occurredAt !== null && (
        <Fact label="Happened">
          <When iso={delivery.occurredAt} />
          <Age from={delivery.occurredAt} to={delivery.receivedAt} />
        </Fact>
      )}
      <Fact label="What it changed">
        <Effect delivery={delivery} />
      </Fact>
      <Fact label="Secret that fitted">
        {delivery.key ? KEY_WORDS[delivery.key] : <Faint>None, or not known</Faint>}
      </Fact>
      {delivery.previousUrl && (
        <Fact label="Request URL">The previous one, which will stop working</Fact>
      )}
      <Fact label="Size">
        {delivery.bodyBytes === null ? <Faint>Not known</Faint> : byteSize(delivery.bodyBytes)}
      </Fact>
      <Fact label="Time taken">
        {delivery.latencyMs === null ? (
          <Faint>Not known</Faint>
        ) : (
          `${shortTime(delivery.latencyMs)} until it was handed to the disk`
        )}
      </Fact>
      {delivery.recovered && (
        <Fact label="Recovered">It was refused first and taken in by a re-check</Fact>
      )}
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
  const words = ms < 0 ? `${duration(-ms)} after it arrived` : `${duration(ms)} before it arrived`;
  return <span className={classes.line}>{words}</span>;
}

function Effect({ delivery }: { delivery: DeliveryDetail }) {
  const { slug } = useCompany();
  const { call, effect, outcome } = delivery;
  const words =
    outcome === 'DUPLICATE' ? 'Nothing: the event was known already' : EFFECT_WORDS[effect];
  return (
    <>
      {words}
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
