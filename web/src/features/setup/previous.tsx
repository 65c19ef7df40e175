import { useMutation } from 'urql';
import {
  EndPreviousSecretDocument,
  EndPreviousUrlDocument,
  type EndpointFieldsFragment,
} from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { actionFailure } from '~/lib/request-failure';
import * as words from '~/words/setup';
import { Overlap } from './overlap';

interface PreviousProps {
  endpoint: EndpointFieldsFragment;
}

export function PreviousSecret({ endpoint }: PreviousProps) {
  const company = useCompany();
  const [, end] = useMutation(EndPreviousSecretDocument);
  if (endpoint.previousSecretUntil === null) return null;
  return (
    <Overlap
      said={words.PREVIOUS_SECRET}
      until={endpoint.previousSecretUntil}
      lastUsedAt={endpoint.previousSecretLastUsedAt}
      onEnd={async () => {
        const { data, error } = await end({ input: { companyId: company.id } });
        return actionFailure(error, data?.endPreviousSecret);
      }}
    />
  );
}

export function PreviousUrl({ endpoint }: PreviousProps) {
  const company = useCompany();
  const [, end] = useMutation(EndPreviousUrlDocument);
  if (endpoint.previousUrlUntil === null) return null;
  return (
    <Overlap
      said={words.PREVIOUS_URL}
      until={endpoint.previousUrlUntil}
      lastUsedAt={endpoint.previousUrlLastUsedAt}
      onEnd={async () => {
        const { data, error } = await end({ input: { companyId: company.id } });
        return actionFailure(error, data?.endPreviousUrl);
      }}
    >
      {endpoint.previousUrl !== null && <code>{endpoint.previousUrl}</code>}
    </Overlap>
  );
}
