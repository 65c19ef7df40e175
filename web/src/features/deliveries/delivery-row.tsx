import { Link } from '@tanstack/react-router';
import type { MouseEvent } from 'react';
import { ListTime } from '~/components/list-time';
import { callName } from '~/lib/call-name';
import { useCompany } from '~/lib/company';
import { byteSize, shortTime } from '~/lib/units';
import * as words from '~/words/deliveries';
import classes from './delivery-list.module.css';
import { aboutText, DELIVERY_LINK, reasonText, statusText } from './delivery-words';
import { Outcome } from './outcome';
import type { DeliveryRow } from './use-deliveries';

export interface RowActions {
  /** The delivery that is open. */
  open: string | undefined;
  onOpen: (id: string) => void;
  /** Its link was followed. */
  onFollow: (id: string) => void;
}

interface DeliveryListRowProps extends RowActions {
  delivery: DeliveryRow;
  /** It stands under the line of its run, which already says why. */
  inRun: boolean;
}

export function DeliveryListRow({ delivery, inRun, open, onOpen, onFollow }: DeliveryListRowProps) {
  const about = aboutText(delivery);
  const clicked = (event: MouseEvent<HTMLElement>) => {
    const onControl = event.target instanceof Element && event.target.closest('a, button');
    // Someone who marks something to copy it does not want another delivery.
    if (onControl || window.getSelection()?.isCollapsed === false) return;
    onOpen(delivery.id);
  };
  return (
    // The row's link is the way by keyboard; a click anywhere else on it is a convenience.
    <tr
      className={classes.row}
      onClick={clicked}
      data-open={open === delivery.id || undefined}
      data-in-run={inRun || undefined}
    >
      <td className={classes.time}>
        <ReceivedLink {...{ delivery, inRun, open, onFollow }} />
      </td>
      <td className={classes.outcome}>
        <Outcome outcome={delivery.outcome} />
        {delivery.recovered && <span className={classes.tag}>{words.recovered}</span>}
        {delivery.reason !== null && (
          <span className={classes.under}>{reasonText(delivery.reason)}</span>
        )}
      </td>
      <td className={classes.about}>
        <bdi className={about === null ? classes.faint : undefined}>{about ?? words.unknown}</bdi>
      </td>
      <td className={classes.call}>
        <CallLink call={delivery.call} />
      </td>
      <td className={classes.key}>
        {delivery.key ? words.KEY_WORDS[delivery.key] : <None what={words.noSecretFitted} />}
      </td>
      <td className={classes.number}>
        {delivery.bodyBytes === null ? (
          <None what={words.notKnown} />
        ) : (
          byteSize(delivery.bodyBytes)
        )}
      </td>
      <td className={classes.number}>
        {delivery.latencyMs === null ? (
          <None what={words.notKnown} />
        ) : (
          shortTime(delivery.latencyMs)
        )}
      </td>
      <td className={classes.number} title={statusText(delivery.status)}>
        {delivery.status}
      </td>
    </tr>
  );
}

function None({ what }: { what: string }) {
  return (
    <span className={classes.faint} title={what}>
      <span aria-hidden>–</span>
      <span className="visually-hidden">{what}</span>
    </span>
  );
}

interface ReceivedLinkProps {
  delivery: DeliveryRow;
  inRun: boolean;
  open: string | undefined;
  onFollow: (id: string) => void;
}

function ReceivedLink({ delivery, inRun, open, onFollow }: ReceivedLinkProps) {
  const { slug } = useCompany();
  const { id, receivedAt } = delivery;
  const mark = { [DELIVERY_LINK]: id };
  return (
    <Link
      to="/c/$company/deliveries"
      params={{ company: slug }}
      search={(search) => ({ ...search, d: id })}
      replace={open !== undefined}
      // Only what the list itself opened is closed by going back.
      state={(before) => ({ fromList: open === undefined || before.fromList === true })}
      resetScroll={false}
      className={classes.link}
      aria-current={open === id || undefined}
      onClick={(event: MouseEvent) => {
        if (!event.metaKey && !event.ctrlKey && !event.shiftKey) onFollow(id);
      }}
      {...mark}
    >
      {/* The line above, which sums the run up, has the zone. */}
      <ListTime iso={receivedAt} zoned={!inRun} />
    </Link>
  );
}

function CallLink({ call }: { call: DeliveryRow['call'] }) {
  const { slug } = useCompany();
  if (!call) return <None what={words.noCall} />;
  return (
    <Link
      to="/c/$company/calls/$callId"
      params={{ company: slug, callId: call.callId }}
      className={classes.callLink}
    >
      <bdi>{callName(call)}</bdi>
    </Link>
  );
}
