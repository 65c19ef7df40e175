// When nothing matches: how many calls there would be without each of the filters, so that the one
// that removed everything can be named.
import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { CountCallsDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import type { Count } from './facets';
import type { ActiveFilter } from './filter-words';
import { questionOf } from './search-params';

/** More are not asked about: each is a question of its own to the server. */
const ASKED_MAX = 6;

export function useWithout(filters: ActiveFilter[]): (Count | null)[] {
  const company = useCompany();
  const client = useClient();
  const questions = filters.slice(0, ASKED_MAX).map(({ without }) => questionOf(without, company));
  const key = JSON.stringify(questions);
  const [counted, setCounted] = useState<{ key: string; counts: (Count | null)[] } | null>(null);
  useEffect(() => {
    let current = true;
    const asked = (JSON.parse(key) as typeof questions).map(async (question) => {
      const { data } = await client.query(CountCallsDocument, question).toPromise();
      return data?.company?.calls.totalCount ?? null;
    });
    void Promise.all(asked).then((counts) => {
      if (current) setCounted({ key, counts });
    });
    return () => {
      current = false;
    };
  }, [key, client]);
  return counted?.key === key ? counted.counts : [];
}
