import { Link } from '@tanstack/react-router';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { type MouseEvent, memo } from 'react';
import { ListTime } from '~/components/list-time';
import type { LineProps } from '~/components/virtual-body';
import { useCompany } from '~/lib/company';
import { phoneText } from '~/lib/phone';
import { duration } from '~/lib/time';
import * as words from '~/words/conversations';
import { Direction, None, Party } from './call-cells';
import classes from './call-list.module.css';
import { CALL_LINK } from './call-words';
import { ConversationLegs } from './conversation-legs';
import { whoOf } from './leg-tree';
import { Outcome } from './outcome';
import type { ConversationRow } from './use-calls';
import { usePeekLink } from './use-peek';

interface ConversationListRowProps extends LineProps {
  conversation: ConversationRow;
  now: Date;
  opened: boolean;
  /** There is less room than for everything. */
  squeezed: boolean;
  onToggle: (id: string) => void;
}

/** Drawn again only when something of it changed: scrolling draws the others. */
export const ConversationListRow = memo(function ConversationListRow(
  props: ConversationListRowProps,
) {
  const { conversation, now, opened, squeezed, onToggle, ...line } = props;
  const { contact, externalNumber, legCount } = conversation;
  const who = whoOf(conversation.legs);
  const alone = aloneOf(conversation);
  const peek = usePeekLink(alone);
  const open = (event: MouseEvent<HTMLElement>) => {
    const onControl = event.target instanceof Element && event.target.closest('a, button');
    // Someone who marks a number to copy it does not want anything to open.
    if (onControl || window.getSelection()?.isCollapsed === false) return;
    if (alone === undefined) onToggle(conversation.id);
    else peek.open();
  };
  return (
    // The link or button of a row is the way by keyboard; a click anywhere else on it is a convenience.
    <tr
      {...line}
      className={classes.row}
      data-opened={opened || undefined}
      data-open={peek.isOpen || undefined}
      onClick={open}
    >
      <td className={classes.time}>
        {alone === undefined ? (
          <Opener {...{ conversation, opened, onToggle }} />
        ) : (
          <CallLink callId={alone} at={conversation.dateStarted} />
        )}
      </td>
      {!squeezed && (
        <td className={classes.direction}>
          <Direction direction={conversation.direction} />
        </td>
      )}
      <td className={classes.customer}>
        <Party name={contact?.name ?? null} under={phoneText(externalNumber) ?? words.noNumber} />
      </td>
      {!squeezed && (
        <td className={classes.person}>
          <Party name={who.name} under={who.under ?? ''} />
        </td>
      )}
      <td className={classes.outcome}>
        <Outcome outcome={conversation.outcome} />
      </td>
      <td className={classes.duration}>
        <Length conversation={conversation} now={now} />
      </td>
      <td className={classes.legs}>
        {legCount}
        <span className={classes.legsWord}> {words.legWord(legCount)}</span>
      </td>
    </tr>
  );
});

interface ConversationUnderProps extends LineProps {
  conversation: ConversationRow;
  columns: number;
}

/** Its legs, in the line below it. */
export function ConversationUnder(props: ConversationUnderProps) {
  const { conversation, columns, ...line } = props;
  return (
    <tr {...line} className={classes.legsRow} id={legsIdOf(conversation)}>
      <td colSpan={columns}>
        <ConversationLegs conversation={conversation} />
      </td>
    </tr>
  );
}

/** What has a single leg has nothing to unfold: the row leads to its call. */
export function aloneOf({ legCount, legs }: ConversationRow): string | undefined {
  return legCount === 1 ? legs[0]?.callId : undefined;
}

const legsIdOf = ({ conversationId }: ConversationRow) => `legs-${conversationId}`;

type OpenerProps = Pick<ConversationListRowProps, 'conversation' | 'opened' | 'onToggle'>;

function Opener({ conversation, opened, onToggle }: OpenerProps) {
  const { id, contact, externalNumber, dateStarted, legCount } = conversation;
  const Arrow = opened ? ChevronDown : ChevronRight;
  const name = contact?.name?.trim() || phoneText(externalNumber) || words.noNumber;
  return (
    <button
      type="button"
      className={classes.opener}
      {...{ [CALL_LINK]: id }}
      aria-expanded={opened}
      aria-controls={opened ? legsIdOf(conversation) : undefined}
      onClick={() => onToggle(id)}
    >
      <Arrow size={13} aria-hidden className={classes.arrow} />
      <ListTime iso={dateStarted} />
      <span className="visually-hidden">{words.nameAndLegs(name, legCount)}</span>
    </button>
  );
}

function CallLink({ callId, at }: { callId: string; at: string }) {
  const { slug } = useCompany();
  const peek = usePeekLink(callId);
  return (
    <Link
      to="/c/$company/calls/$callId"
      params={{ company: slug, callId }}
      state={{ fromList: true }}
      data-call-link={callId}
      aria-current={peek.isOpen || undefined}
      onClick={peek.onClick}
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
  if (dateEnded === null && !running) return <None>{words.unknown}</None>;
  const until = dateEnded === null ? now.getTime() : Date.parse(dateEnded);
  return (
    <span data-running={running || undefined}>{duration(until - Date.parse(dateStarted))}</span>
  );
}
