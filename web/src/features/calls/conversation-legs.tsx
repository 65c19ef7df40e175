// What happened in a conversation, leg by leg: who was called, who picked up, who did not.
import { Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { PhoneIncoming, PhoneOutgoing, Split, UserRound } from 'lucide-react';
import { useQuery } from 'urql';
import { ErrorBanner } from '~/components/page-state';
import { ConversationLegsDocument, type ConversationLegsQuery } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { phoneText } from '~/lib/phone';
import { duration, elapsed } from '~/lib/time';
import * as words from '~/words/conversations';
import { partyType } from './call-words';
import classes from './conversation-legs.module.css';
import { durationsOf } from './durations';
import { isPerson, type LegNode, legTree } from './leg-tree';
import { Outcome } from './outcome';
import type { ConversationRow } from './use-calls';
import { usePeekLink } from './use-peek';

/** A conversation never has more. */
const LEGS_MAX = 200;

type Leg = NonNullable<
  NonNullable<ConversationLegsQuery['company']>['conversation']
>['legs'][number];

export function ConversationLegs({ conversation }: { conversation: ConversationRow }) {
  const company = useCompany();
  const any = conversation.legs[0]?.callId ?? conversation.conversationId;
  const [{ data, error }, execute] = useQuery({
    query: ConversationLegsDocument,
    variables: { company: company.id, conversation: any, legs: LEGS_MAX },
    requestPolicy: 'cache-and-network',
  });
  const legs = data?.company?.conversation?.legs;
  if (error) {
    return <ErrorBanner error={error} onRetry={() => execute({ requestPolicy: 'network-only' })} />;
  }
  if (!legs) {
    return (
      <div role="status" aria-busy="true" aria-label={words.loading} className={classes.loading}>
        <Skeleton height={20} maw={420} />
        <Skeleton height={20} maw={360} />
      </div>
    );
  }
  const outbound = conversation.direction === 'OUTBOUND';
  const customer = conversation.contact?.name ?? phoneText(conversation.externalNumber);
  const Icon = outbound ? PhoneOutgoing : PhoneIncoming;
  return (
    <div className={classes.legs}>
      <p className={classes.lead}>
        <Icon size={14} aria-hidden />
        {(outbound ? words.wasCalled : words.called)(<bdi>{customer ?? words.withoutNumber}</bdi>)}
      </p>
      <Legs nodes={legTree(legs)} startedAt={conversation.dateStarted} />
    </div>
  );
}

function Legs({ nodes, startedAt }: { nodes: LegNode<Leg>[]; startedAt: string }) {
  return (
    <ul className={classes.list}>
      {nodes.map(({ leg, under }) => (
        <li key={leg.id}>
          <LegLine leg={leg} startedAt={startedAt} />
          {under.length > 0 && <Legs nodes={under} startedAt={startedAt} />}
        </li>
      ))}
    </ul>
  );
}

function LegLine({ leg, startedAt }: { leg: Leg; startedAt: string }) {
  const { slug } = useCompany();
  const { target, callId } = leg;
  const peek = usePeekLink(callId);
  const person = target === null || isPerson(target);
  const Icon = person ? UserRound : Split;
  return (
    <div className={classes.leg}>
      <span className={classes.offset}>
        {leg.dateStarted && elapsed(Date.parse(leg.dateStarted) - Date.parse(startedAt))}
      </span>
      <Icon size={14} aria-hidden className={classes.icon} />
      <span className={classes.who}>
        <Link
          to="/c/$company/calls/$callId"
          params={{ company: slug, callId }}
          state={{ fromList: true }}
          data-call-link={callId}
          aria-current={peek.isOpen || undefined}
          onClick={peek.onClick}
          className={classes.name}
        >
          <bdi>{target?.name?.trim() || words.somebody}</bdi>
        </Link>
        {target && !person && <span className={classes.type}>{partyType(target.type)}</span>}
      </span>
      <span className={classes.result}>
        <Outcome outcome={leg.outcome} />
        <span className={classes.length}>{lengthText(leg)}</span>
      </span>
    </div>
  );
}

/** How long they talked; of who did not answer, how long it rang. */
function lengthText(leg: Leg): string {
  // What still runs is counted by its own page.
  if (leg.outcome === 'ONGOING') return '';
  const { talkMs, ringMs } = durationsOf(leg, new Date(leg.dateEnded ?? 0));
  if (leg.outcome === 'ANSWERED' && talkMs !== null && talkMs > 0) {
    return words.talkedFor(duration(talkMs));
  }
  return ringMs === null || ringMs === 0 ? '' : words.rangFor(duration(ringMs));
}
