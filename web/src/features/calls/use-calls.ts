import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useMemo, useState } from 'react';
import type { AnyVariables } from 'urql';
import {
  CallsDocument,
  type CallsQuery,
  ConversationsDocument,
  type ConversationsQuery,
} from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { forgetfulClient } from '~/lib/company-client';
import { errorCode } from '~/lib/graphql-error';
import { useChangedRows } from '~/lib/use-changed-rows';
import { type ListPage, useListPage, useLiveRows } from '~/lib/use-list-page';
import { useOlderRows } from '~/lib/use-older-rows';
import { type CallsSearch, callsVariables, conversationsVariables } from './search-params';

type CallPageData = NonNullable<CallsQuery['company']>['calls'];
type ConversationPageData = NonNullable<ConversationsQuery['company']>['conversations'];
export type CallRow = CallPageData['nodes'][number];
export type ConversationRow = ConversationPageData['nodes'][number];
/** What is listed: calls, or conversations. */
export type FoundList = ReturnType<typeof useCalls> | ReturnType<typeof useConversations>;

export interface Reading {
  live: boolean;
  /** Somebody reads the list right now: nothing may move. */
  held: boolean;
  /** Something else is listed. */
  off: boolean;
}

export function useCalls(search: CallsSearch, reading: Reading) {
  const company = useCompany();
  const variables = useMemo(() => callsVariables(search, company), [search, company]);
  return useFound(
    {
      query: CallsDocument,
      variables,
      pageOf: (data) => data.company?.calls,
      callsOf: itself,
      again: (ids) => ({ company: company.id, filter: { callId: { in: ids } }, first: ids.length }),
    },
    reading,
  );
}

export function useConversations(search: CallsSearch, reading: Reading) {
  const company = useCompany();
  const variables = useMemo(() => conversationsVariables(search, company), [search, company]);
  return useFound(
    {
      query: ConversationsDocument,
      variables,
      pageOf: (data) => data.company?.conversations,
      callsOf: outlinedLegs,
      again: (ids) => ({
        company: company.id,
        filter: { callId: { in: ids } },
        first: ids.length,
        legs: variables.legs,
      }),
    },
    reading,
  );
}

const itself = (row: CallRow) => [row];
/** A change of a leg that is not outlined shows when another one changes, or the list is asked anew. */
const outlinedLegs = (row: ConversationRow) => row.legs;

interface Question<Data, Variables, Row, Page> {
  query: TypedDocumentNode<Data, Variables>;
  variables: Variables;
  pageOf: (data: Data) => Page | undefined;
  /** What a row is made of. */
  callsOf: (row: Row) => readonly { id: string; callId: string }[];
  /** Asks for the rows of these calls alone. */
  again: (callIds: string[]) => Variables;
}

/** One and the same array, so that having no rows is not a change. */
const NO_ROWS: never[] = [];

function useFound<
  Row extends { id: string },
  Data,
  Variables extends AnyVariables,
  Page extends ListPage & {
    nodes: Row[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    totalCount: { value: number; exact: boolean };
  },
>(question: Question<Data, Variables, Row, Page>, { live, held, off }: Reading) {
  const asked = JSON.stringify(question.variables);
  const [given, giveUp] = useState<string | null>(null);
  const cancelled = given === asked;
  const { id: company } = useCompany();
  const { error, ...list } = useListPage({
    ...question,
    live,
    topics: [{ of: 'calls', company }],
    pause: off || cancelled,
  });
  const latest: Page['nodes'] = list.page?.nodes ?? NO_ROWS;
  const head = useLiveRows<Page['nodes'][number]>(list.key, latest, held);
  const { rows, ...older } = useOlderRows<Data, Variables, Page['nodes'][number]>({
    query: question.query,
    key: list.key,
    pageOf: question.pageOf,
    head: head.rows,
    page: list.page,
  });
  useChangedRows<Row>({
    key: list.key,
    topic: { of: 'calls', company },
    enabled: live && !off && !cancelled,
    busy: older.busy,
    rows,
    fresh: latest,
    partsOf: question.callsOf,
    readAgain: (changed) => readAgain(company, question, changed),
    onRead: (read) => {
      head.change(read);
      older.change(read);
    },
  });
  const badQuery = error && errorCode(error) === 'BAD_QUERY' ? error : null;
  return {
    ...list,
    ...head,
    rows,
    older,
    error: badQuery ? undefined : error,
    badQuery,
    /** The question of now, and whether its first answer has not come. */
    asked,
    unanswered: !cancelled && !error && (list.page === null || list.stale),
    cancelled,
    cancel: () => giveUp(asked),
    resume: () => giveUp(null),
  };
}

async function readAgain<Data, Variables extends AnyVariables, Row>(
  company: string,
  { query, pageOf, callsOf, again }: Question<Data, Variables, Row, { nodes: Row[] }>,
  rows: readonly Row[],
): Promise<Row[] | null> {
  // Any of its calls finds a row.
  const ids = rows.flatMap((row) =>
    callsOf(row)
      .slice(0, 1)
      .map(({ callId }) => callId),
  );
  const answer = await forgetfulClient(company).query<Data, AnyVariables>(query, again(ids));
  return (answer.data && pageOf(answer.data)?.nodes) ?? null;
}
