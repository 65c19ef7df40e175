// Questions that people come with, ready to run. Each reads, and each shows one thing of the API.
import { dayKey, shiftDay } from '~/lib/time';
import * as words from '~/words/ready-queries';
import type { Draft } from './shared-link';

export interface ReadyQuery {
  /** Its name in the address. */
  name: string;
  title: string;
  query: string;
  variables?: (company: { timeZone: string }, now: Date) => Record<string, unknown>;
}

export const READY_QUERIES: ReadyQuery[] = [
  {
    name: 'newest-calls',
    title: words.newestCalls,
    query: `# Further pages: pass pageInfo.endCursor as $after.
query NewestCalls($company: ID, $after: String) {
  company(id: $company) {
    calls(first: 20, after: $after) {
      totalCount { value exact }
      nodes {
        callId
        dateStarted
        direction
        outcome
        contact { name }
        externalNumber { e164 national }
        target { name type }
        durationMs
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
`,
  },
  {
    name: 'missed-yesterday',
    title: words.missedYesterday,
    query: `# The query text is what the search box takes.
query MissedYesterday($company: ID, $text: String) {
  company(id: $company) {
    calls(query: $text, first: 100) {
      totalCount { value exact }
      nodes {
        callId
        dateStarted
        contact { name }
        externalNumber { national }
        target { name }
      }
    }
  }
}
`,
    variables: ({ timeZone }, now) => ({
      text: `outcome:missed on:${shiftDay(dayKey(now.toISOString(), timeZone), -1)}`,
    }),
  },
  {
    name: 'changed-since',
    title: words.changedSince,
    query: `# To keep a copy: pass pageInfo.endCursor as $since until hasNextPage is false,
# and then again from time to time. Nothing is skipped, however late it changes.
query ChangedSince($company: ID, $since: String) {
  company(id: $company) {
    changes(since: $since, first: 50) {
      nodes { changedAt call { callId state outcome dateEnded } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
`,
  },
  {
    name: 'conversations',
    title: words.conversations,
    query: `# What people call one call: all its legs in one.
query Conversations($company: ID, $text: String) {
  company(id: $company) {
    conversations(query: $text, first: 10) {
      totalCount { value exact }
      nodes {
        conversationId
        outcome
        legCount
        legs(first: 10) { callId depth outcome target { name type } }
      }
    }
  }
}
`,
    variables: () => ({ text: 'last:7d' }),
  },
  {
    name: 'counts-by-outcome',
    title: words.countsByOutcome,
    query: `query CountsByOutcome($company: ID, $text: String) {
  company(id: $company) {
    callFacets(query: $text) {
      outcome { value count { value exact } }
      direction { value count { value exact } }
      person(first: 5) { party { name email } count { value exact } }
    }
  }
}
`,
    variables: () => ({ text: 'last:7d' }),
  },
  {
    name: 'volume-by-day',
    title: words.volumeByDay,
    query: `query VolumeByDay($company: ID, $text: String) {
  company(id: $company) {
    callHistogram(query: $text, buckets: 31) {
      unit
      timeZone
      buckets { startsAt total answered missed voicemail }
    }
  }
}
`,
    variables: () => ({ text: 'last:30d' }),
  },
  {
    name: 'call-with-events',
    title: words.oneCallWithItsEvents,
    query: `# The newest call; for another one write call(callId: "…") in place of calls.
query CallWithEvents($company: ID) {
  company(id: $company) {
    calls(first: 1) {
      nodes {
        callId
        outcome
        dateStarted
        dateConnected
        dateEnded
        talkTimeMs
        events {
          totalCount { value }
          nodes { state occurredAt receivedAt late outOfOrder duplicateCount }
        }
      }
    }
  }
}
`,
  },
  {
    name: 'deliveries-refused',
    title: words.deliveriesRefused,
    query: `query DeliveriesRefused($company: ID) {
  company(id: $company) {
    deliveries(filter: { outcome: { in: [REJECTED, QUARANTINED] } }, first: 50) {
      totalCount { value exact }
      nodes { receivedAt outcome reason explanation status bodyBytes }
    }
  }
}
`,
  },
];

export function readyQuery(name: string | null | undefined): ReadyQuery | null {
  return READY_QUERIES.find((each) => each.name === name) ?? null;
}

/** The query with its variables filled in for this company. */
export function draftOf(
  { query, variables }: ReadyQuery,
  company: { id: string; timeZone: string },
  now: Date,
): Draft {
  const values = { company: company.id, ...variables?.(company, now) };
  return { query: query.trim(), variables: JSON.stringify(values, null, 2) };
}
