import { Link, useNavigate } from '@tanstack/react-router';
import {
  ArrowRightLeft,
  CircleDot,
  Phone,
  PhoneIncoming,
  PhoneOutgoing,
  Voicemail,
} from 'lucide-react';
import type { MouseEvent } from 'react';
import { DIRECTION_WORDS } from '~/lib/call-outcome';
import { useCompany } from '~/lib/company';
import { phoneText } from '~/lib/phone';
import { clockTime, duration, exactTime, zoneName } from '~/lib/time';
import classes from './call-list.module.css';
import { callTime, partyType } from './call-words';
import { rowDuration } from './durations';
import { Outcome } from './outcome';
import type { CallRow } from './use-calls';

const DIRECTION_ICONS = { INBOUND: PhoneIncoming, OUTBOUND: PhoneOutgoing, UNKNOWN: Phone };

export function CallListRow({ call, now }: { call: CallRow; now: Date }) {
  const { slug, timeZone } = useCompany();
  const navigate = useNavigate();
  const params = { company: slug, callId: call.callId };
  const at = callTime(call);
  const DirectionIcon = DIRECTION_ICONS[call.direction];

  const open = (event: MouseEvent<HTMLElement>) => {
    const onControl = event.target instanceof Element && event.target.closest('a, button');
    // Someone who marks a number to copy it does not want to leave the list.
    if (onControl || window.getSelection()?.isCollapsed === false) return;
    if (event.metaKey || event.ctrlKey) {
      window.open(`/c/${slug}/calls/${encodeURIComponent(call.callId)}`, '_blank', 'noopener');
      return;
    }
    void navigate({ to: '/c/$company/calls/$callId', params, state: { fromList: true } });
  };

  return (
    // The row's link is the way by keyboard; a click anywhere else on it is a convenience.
    <tr className={classes.row} onClick={open}>
      <td className={classes.time}>
        <Link
          to="/c/$company/calls/$callId"
          params={params}
          state={{ fromList: true }}
          data-call-link={call.callId}
          className={classes.link}
        >
          <time dateTime={at} title={exactTime(at, timeZone)}>
            {clockTime(at, timeZone)} <span className={classes.zone}>{zoneName(at, timeZone)}</span>
          </time>
        </Link>
      </td>
      <td className={classes.direction}>
        <DirectionIcon size={14} aria-hidden />
        {DIRECTION_WORDS[call.direction]}
      </td>
      <td className={classes.customer}>
        <Party
          name={call.contact?.name ?? null}
          under={phoneText(call.externalNumber) ?? 'No number'}
        />
      </td>
      <td className={classes.ours}>
        <Party
          name={call.target?.name ?? null}
          under={
            call.target && call.target.type !== 'user'
              ? partyType(call.target.type)
              : (phoneText(call.internalNumber) ?? 'No number')
          }
        />
      </td>
      <td className={classes.outcome}>
        <Outcome outcome={call.outcome} />
      </td>
      <td className={classes.duration}>
        <Duration call={call} now={now} />
      </td>
      <td className={classes.flags}>
        <Flags call={call} />
      </td>
    </tr>
  );
}

/** A name over a number; where the name is missing or only repeats the number, the number alone. */
function Party({ name, under }: { name: string | null; under: string }) {
  const named = name !== null && name.trim() !== '' && digits(name) !== digits(under, name);
  return (
    <>
      <bdi className={named ? classes.name : classes.alone} title={named ? name : under}>
        {named ? name : under}
      </bdi>
      {named && <bdi className={classes.under}>{under}</bdi>}
    </>
  );
}

/** Two texts with no digits are never the same number. */
function digits(text: string, otherwise = ''): string {
  const found = text.replaceAll(/\D/g, '');
  return found === '' ? `text ${text} ${otherwise}` : found;
}

function Duration({ call, now }: { call: CallRow; now: Date }) {
  const found = rowDuration({ ...call, dateFirstRang: null, dateRang: null }, now);
  if (!found) return <span className={classes.faint}>unknown</span>;
  if (found.kind === 'unanswered') {
    return (
      <span className={classes.faint} title="Never connected: the whole length of the attempt">
        {duration(found.ms)}
      </span>
    );
  }
  return <span data-running={found.kind === 'running' || undefined}>{duration(found.ms)}</span>;
}

function Flags({ call }: { call: CallRow }) {
  return (
    <>
      {call.wasRecorded && <Flag icon={CircleDot} label="Recorded" />}
      {call.voicemailLink && <Flag icon={Voicemail} label="Voicemail" />}
      {call.isTransferred && <Flag icon={ArrowRightLeft} label="Transferred" />}
    </>
  );
}

function Flag({ icon: Icon, label }: { icon: typeof CircleDot; label: string }) {
  return (
    <span title={label} className={classes.flag}>
      <Icon size={14} role="img" aria-label={label} />
    </span>
  );
}
