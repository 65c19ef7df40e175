// What stands in each column of the list.
import {
  ArrowRightLeft,
  CircleDot,
  Phone,
  PhoneIncoming,
  PhoneOutgoing,
  Voicemail,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { stateWords } from '~/lib/call-state';
import { phoneText } from '~/lib/phone';
import { duration } from '~/lib/time';
import { DIRECTION_WORDS } from '~/words/call-outcome';
import * as words from '~/words/calls';
import classes from './call-list.module.css';
import { partyType } from './call-words';
import type { Column } from './columns';
import { durationsOf, rowDuration } from './durations';
import { Outcome } from './outcome';
import type { CallRow } from './use-calls';

const DIRECTION_ICONS = { INBOUND: PhoneIncoming, OUTBOUND: PhoneOutgoing, UNKNOWN: Phone };

export const CELLS: Record<Column, (call: CallRow, now: Date) => ReactNode> = {
  direction: ({ direction }) => <Direction direction={direction} />,
  customer: (call) => (
    <Party
      name={call.contact?.name ?? null}
      under={phoneText(call.externalNumber) ?? words.noNumber}
    />
  ),
  person: ({ target, internalNumber }) => (
    <Party
      name={target?.name ?? null}
      under={
        target && target.type !== 'user'
          ? partyType(target.type)
          : (phoneText(internalNumber) ?? words.noNumber)
      }
    />
  ),
  ourNumber: (call) => <bdi>{phoneText(call.internalNumber) ?? <None>{words.noNumber}</None>}</bdi>,
  outcome: ({ outcome }) => <Outcome outcome={outcome} />,
  ring: (call, now) => <Length ms={durationsOf(call, now).ringMs} />,
  talk: (call, now) => <Length ms={durationsOf(call, now).talkMs} />,
  hold: (call, now) => <Length ms={durationsOf(call, now).holdMs} />,
  duration: (call, now) => <Duration call={call} now={now} />,
  state: ({ state, stateRaw }) => stateWords(state, stateRaw),
  labels: ({ labels }) => <bdi title={labels.join(', ')}>{labels.join(', ')}</bdi>,
  callId: ({ callId }) => <code className={classes.callIdText}>{callId}</code>,
  flags: (call) => <Flags call={call} />,
};

export const NUMBER_COLUMNS: ReadonlySet<Column> = new Set(['ring', 'talk', 'hold', 'duration']);

export function Direction({ direction }: Pick<CallRow, 'direction'>) {
  const Icon = DIRECTION_ICONS[direction];
  return (
    <>
      <Icon size={14} aria-hidden />
      {DIRECTION_WORDS[direction]}
    </>
  );
}

/** A name over a number; where the name is missing or only repeats the number, the number alone. */
export function Party({ name, under }: { name: string | null; under: string }) {
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
  const found = rowDuration(call, now);
  if (!found) return <None>{words.unknown}</None>;
  if (found.kind === 'unanswered') {
    return (
      <span className={classes.faint} title={words.neverConnected}>
        {duration(found.ms)}
      </span>
    );
  }
  return <span data-running={found.kind === 'running' || undefined}>{duration(found.ms)}</span>;
}

function Length({ ms }: { ms: number | null }) {
  return ms === null || ms === 0 ? <None>–</None> : duration(ms);
}

export function None({ children }: { children: string }) {
  return <span className={classes.faint}>{children}</span>;
}

function Flags({ call }: { call: CallRow }) {
  return (
    <>
      {call.wasRecorded && <Flag icon={CircleDot} label={words.recorded} />}
      {call.voicemailLink && <Flag icon={Voicemail} label={words.voicemail} />}
      {call.isTransferred && <Flag icon={ArrowRightLeft} label={words.transferred} />}
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
