import { Phone, PhoneIncoming, PhoneOutgoing } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { CopyButton } from '~/components/copy-button';
import { phoneText } from '~/lib/phone';
import { dateAndTime, exactTime, relativeAge } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import * as words from '~/words/call';
import classes from './call-page.module.css';
import { callTime } from './call-words';
import { Outcome } from './outcome';
import type { CallDetail } from './use-call';

const ICONS = { INBOUND: PhoneIncoming, OUTBOUND: PhoneOutgoing, UNKNOWN: Phone };
const OVERDUE_MS = 3 * 3_600_000;

interface CallHeaderProps {
  call: CallDetail;
  now: Date;
  docked: boolean;
}

export function CallHeader({ call, now, docked }: CallHeaderProps) {
  const timeZone = useTimeZone();
  const at = callTime(call);
  const Icon = ICONS[call.direction];
  const number = phoneText(call.externalNumber);
  const name = call.contact?.name?.trim() || null;
  // The list is gone once the call is open; reading goes on at its heading.
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (docked || document.activeElement !== document.body) return;
    heading.current?.focus({ preventScroll: true });
  }, [docked]);
  const Heading = docked ? 'h2' : 'h1';
  const overdue =
    call.outcome === 'ONGOING' && now.getTime() - Date.parse(call.updatedAt) > OVERDUE_MS;
  return (
    <header className={classes.header}>
      <Heading className={classes.title} tabIndex={-1} ref={heading}>
        <Icon size={19} aria-hidden /> {words.CALL_TITLES[call.direction][call.outcome]}
      </Heading>
      <p className={classes.who}>
        <bdi className={classes.whoName} title={name ?? undefined}>
          {name ?? number ?? words.noNumber}
        </bdi>
        {name !== null && number !== null && name !== number && (
          <bdi className={classes.whoNumber}>{number}</bdi>
        )}
        {call.externalNumber && number && (
          <CopyButton
            value={call.externalNumber.e164 ?? call.externalNumber.raw}
            label={words.copyNumber}
          />
        )}
      </p>
      <p className={classes.when} data-docked={docked || undefined}>
        <Outcome outcome={call.outcome} />
        <span aria-hidden>·</span>
        <time dateTime={at} title={exactTime(at, timeZone)}>
          {dateAndTime(at, timeZone)}
        </time>
        <span aria-hidden>·</span>
        <span>{relativeAge(at, now)}</span>
      </p>
      {overdue && <p className={classes.overdue}>{words.endMissing}</p>}
    </header>
  );
}
