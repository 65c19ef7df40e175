import { createFileRoute, Link } from '@tanstack/react-router';
import { AccountFrame } from '~/features/session/account-frame';
import { companyOfPath, safeNextPath } from '~/features/session/next-path';
import { SingleSignOnForm } from '~/features/session/single-sign-on-form';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/single-sign-on';

interface Search {
  company?: string;
  next?: string;
  /** Why the server sent somebody back who was not let in. */
  error?: string;
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

export const Route = createFileRoute('/_account/single-sign-on')({
  validateSearch: (search: Record<string, unknown>): Search => {
    const [company, next, error] = [text(search.company), text(search.next), text(search.error)];
    return { ...(company && { company }), ...(next && { next }), ...(error && { error }) };
  },
  component: SingleSignOnPage,
});

function SingleSignOnPage() {
  const { company, next, error } = Route.useSearch();
  const path = safeNextPath(next);
  usePageTitle(words.singleSignOn);
  return (
    <AccountFrame
      title={words.singleSignOn}
      lead={words.singleSignOnLead}
      footer={
        <Link to="/signin" search={next === undefined ? {} : { next }}>
          {words.usePassword}
        </Link>
      }
    >
      <SingleSignOnForm
        company={company ?? companyOfPath(path)}
        next={path ?? undefined}
        refusal={error === undefined ? null : words.refusal(error)}
      />
    </AccountFrame>
  );
}
