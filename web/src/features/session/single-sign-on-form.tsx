import { Button, Stack, TextInput } from '@mantine/core';
import { readStored, store } from '~/lib/remembered';
import * as words from '~/words/single-sign-on';
import { SingleSignOnSchema } from './account-schema';
import { beginSingleSignOn } from './auth-api';
import { Problem } from './problem';
import { useAccountForm } from './use-account-form';

const COMPANY_KEY = 'trunkline.single-sign-on';

interface SingleSignOnFormProps {
  /** The company's part of the address of every page, if a link says it. */
  company: string | undefined;
  /** The page to go on to. */
  next: string | undefined;
  /** Why somebody comes back who was not let in. */
  refusal: string | null;
}

/** Leaves for the provider of a company; the same one is offered the next time. */
export function SingleSignOnForm({ company, next, refusal }: SingleSignOnFormProps) {
  const { form, onSubmit, problem, busy } = useAccountForm(
    SingleSignOnSchema,
    { company: company ?? readStored(COMPANY_KEY) ?? '' },
    async (values) => {
      const url = await beginSingleSignOn({ company: values.company.trim(), next });
      store(COMPANY_KEY, values.company.trim());
      window.location.assign(url);
    },
  );
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <Problem text={problem ?? (busy ? null : refusal)} />
        <TextInput
          label={words.companyAddress}
          description={words.companyAddressHint(window.location.origin)}
          name="company"
          autoComplete="organization"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          key={form.key('company')}
          {...form.getInputProps('company')}
        />
        <Button type="submit" loading={busy} fullWidth>
          {words.goToProvider}
        </Button>
      </Stack>
    </form>
  );
}
