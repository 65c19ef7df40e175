import { Link, useNavigate } from '@tanstack/react-router';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { type MouseEvent, useId } from 'react';
import { ListTime } from '~/components/list-time';
import { useCompany } from '~/lib/company';
import { phoneText } from '~/lib/phone';
import { plural } from '~/lib/text';
import { duration } from '~/lib/time';
import { Direction, None, Party } from './call-cells';
import classes from './call-list.module.css';
import { CALL_LINK } from './call-words';
import { ConversationLegs } from './conversation-legs';
import { whoOf } from './leg-tree';
import { Outcome } from './outcome';
import type { ConversationRow } from './use-calls';

interface ConversationListRowProps {
  conversation: ConversationRow;
  now: Date;
  opened: boolean;
  onToggle: () => void;
}

export function ConversationListRow(props: ConversationListRowProps) {
  const { conversation, now, opened, onToggle } = props;
  const legsId = useId();
  const follow = useFollow();
  const { contact, externalNumber, legCount, legs } = conversation;
  const who = whoOf(legs);
  // What has a single leg has nothing to unfold: the row leads to its call.
  const alone = legCount === 1 ? legs[0]?.callId : undefined;
  const open = (event: MouseEvent<HTMLElement>) => {
    const onControl = event.target instanceof Element && event.target.closest('a, button');
    // Someone who marks a number to copy it does not want anything to open.
    if (onControl || window.getSelection()?.isCollapsed === false) return;
    if (alone === undefined) onToggle();
    else follow(alone);
  };
  return (
    <>
      {/* The link or button of a row is the way by keyboard; a click anywhere else on it is a convenience. */}
      <tr className={classes.row} data-opened={opened || undefined} onClick={open}>
        <td className={classes.time}>
          {alone === undefined ? (
            <Opener {...{ conversation, opened, onToggle, legsId }} />
          ) : (
            <CallLink callId={alone} at={conversation.dateStarted} />
          )}
        </td>
        <td className={classes.direction}>
          <Direction direction={conversation.direction} />
        </td>
        <td className={classes.customer}>
          <Party name={contact?.name ?? null} under={phoneText(externalNumber) ?? 'No number'} />
        </td>
        <td className={classes.person}>
          <Party name={who.name} under={who.under ?? ''} />
        </td>
        <td className={classes.outcome}>
          <Outcome outcome={conversation.outcome} />
        </td>
        <td className={classes.duration}>
          <Length conversation={conversation} now={now} />
        </td>
        <td className={classes.legs}>
          {legCount}
          <span className={classes.legsWord}> {legCount === 1 ? 'leg' : 'legs'}</span>
        </td>
      </tr>
      {opened && alone === undefined && (
        <tr className={classes.legsRow} id={legsId}>
          <td colSpan={7}>
            <ConversationLegs conversation={conversation} />
          </td>
        </tr>
      )}
    </>
  );
}

function useFollow() {
  const { slug } = useCompany();
  const navigate = useNavigate();
  return (callId: string) =>
    void navigate({
      to: '/c/$company/calls/$callId',
      params: { company: slug, callId },
      state: { fromList: true },
    });
}

interface OpenerProps
  extends Pick<ConversationListRowProps, 'conversation' | 'opened' | 'onToggle'> {
  legsId: string;
}

function Opener({ conversation, opened, onToggle, legsId }: OpenerProps) {
  const { conversationId, contact, externalNumber, dateStarted, legCount } = conversation;
  const Arrow = opened ? ChevronDown : ChevronRight;
  const name = contact?.name?.trim() || phoneText(externalNumber) || 'No number';
  return (
    <button
      type="button"
      className={classes.opener}
      {...{ [CALL_LINK]: conversationId }}
      aria-expanded={opened}
      aria-controls={opened ? legsId : undefined}
      onClick={onToggle}
    >
      <Arrow size={13} aria-hidden className={classes.arrow} />
      <ListTime iso={dateStarted} />
      <span className="visually-hidden">
        {name}, {plural(legCount, 'leg', 'legs')}
      </span>
    </button>
  );
}

function CallLink({ callId, at }: { callId: string; at: string }) {
  const { slug } = useCompany();
  return (
    <Link
      to="/c/$company/calls/$callId"
      params={{ company: slug, callId }}
      state={{ fromList: true }}
      data-call-link={callId}
      className={classes.link}
    >
      <ListTime iso={at} />
    </Link>
  );
}

/** From the start of its first leg to the end of its last. */
function Length({ conversation, now }: { conversation: ConversationRow; now: Date }) {
  const { dateStarted, dateEnded, outcome } = conversation;
  const running = dateEnded === null && outcome === 'ONGOING';
  if (dateEnded === null && !running) return <None>unknown</None>;
  const until = dateEnded === null ? now.getTime() : Date.parse(dateEnded);
  return (
    <span data-running={running || undefined}>{duration(until - Date.parse(dateStarted))}</span>
  );
}
