import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from 'urql';
import { FindCallsDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import type { FoundCall } from './palette-items';

const TYPING_PAUSE_MS = 180;
const CHARS_MIN = 2;
const NO_CALLS: FoundCall[] = [];

/** Calls by name, number or id. What is no search the server knows finds none, without a word. */
export function useFoundCalls(typed: string, pause: boolean) {
  const company = useCompany();
  const [settled] = useDebouncedValue(typed.trim(), TYPING_PAUSE_MS);
  const off = pause || settled.length < CHARS_MIN || typed.trim().length < CHARS_MIN;
  const [{ data, fetching, operation }] = useQuery({
    query: FindCallsDocument,
    variables: { company: company.id, text: settled },
    requestPolicy: 'cache-and-network',
    pause: off,
  });
  const answered = operation?.variables.text === settled;
  return {
    calls: (!off && answered && data?.company?.calls.nodes) || NO_CALLS,
    searching: !off && (fetching || settled !== typed.trim()),
  };
}
