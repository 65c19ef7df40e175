import { useMutation } from 'urql';
import {
  EndPreviousSecretDocument,
  EndPreviousUrlDocument,
  type EndpointFieldsFragment,
} from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { actionFailure } from '~/lib/request-failure';
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
      what="previous secret"
      counts="is accepted"
      until={endpoint.previousSecretUntil}
      lastUsedAt={endpoint.previousSecretLastUsedAt}
      afterwards="Whatever is still signed with it is refused from then on. Enter the new secret in Dialpad first."
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
      what="previous Request URL"
      counts="works"
      until={endpoint.previousUrlUntil}
      lastUsedAt={endpoint.previousUrlLastUsedAt}
      afterwards="Whatever is still sent to it is lost from then on. Enter the new Request URL in Dialpad first."
      onEnd={async () => {
        const { data, error } = await end({ input: { companyId: company.id } });
        return actionFailure(error, data?.endPreviousUrl);
      }}
    >
      {endpoint.previousUrl !== null && <code>{endpoint.previousUrl}</code>}
    </Overlap>
  );
}
