import { Phone, PhoneIncoming, PhoneOutgoing } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { CopyButton } from '~/components/copy-button';
import { phoneText } from '~/lib/phone';
import { dateAndTime, exactTime, relativeAge } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import classes from './call-page.module.css';
import { callTime, callTitle } from './call-words';
import { Outcome } from './outcome';
import type { CallDetail } from './use-call';

const ICONS = { INBOUND: PhoneIncoming, OUTBOUND: PhoneOutgoing, UNKNOWN: Phone };
const OVERDUE_MS = 3 * 3_600_000;

export function CallHeader({ call, now }: { call: CallDetail; now: Date }) {
  const timeZone = useTimeZone();
  const at = callTime(call);
  const Icon = ICONS[call.direction];
  const number = phoneText(call.externalNumber);
  const name = call.contact?.name?.trim() || null;
  // The list is gone once the call is open; reading goes on at its heading.
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  const overdue =
    call.outcome === 'ONGOING' && now.getTime() - Date.parse(call.updatedAt) > OVERDUE_MS;
  return (
    <header className={classes.header}>
      <h1 className={classes.title} tabIndex={-1} ref={heading}>
        <Icon size={19} aria-hidden /> {callTitle(call)}
      </h1>
      <p className={classes.who}>
        <bdi className={classes.whoName} title={name ?? undefined}>
          {name ?? number ?? 'No number'}
        </bdi>
        {name !== null && number !== null && name !== number && (
          <bdi className={classes.whoNumber}>{number}</bdi>
        )}
        {call.externalNumber && number && (
          <CopyButton value={call.externalNumber.e164 ?? call.externalNumber.raw} what="number" />
        )}
      </p>
      <p className={classes.when}>
        <Outcome outcome={call.outcome} />
        <span aria-hidden>·</span>
        <time dateTime={at} title={exactTime(at, timeZone)}>
          {dateAndTime(at, timeZone)}
        </time>
        <span aria-hidden>·</span>
        <span>{relativeAge(at, now)}</span>
      </p>
      {overdue && (
        <p className={classes.overdue}>
          The end of this call has not been received. It may still be running, or its last event was
          lost on the way.
        </p>
      )}
    </header>
  );
}
