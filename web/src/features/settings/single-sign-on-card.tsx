import { Button, Group, NativeSelect, PasswordInput, Skeleton, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type ReactNode, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { ConfirmDialog } from '~/components/confirm-dialog';
import { CopyButton } from '~/components/copy-button';
import { ErrorBanner } from '~/components/page-state';
import {
  type DefaultRole,
  EndSingleSignOnDocument,
  SetSingleSignOnDocument,
  SingleSignOnDocument,
  type SingleSignOnQuery,
} from '~/gql/documents';
import type { Company } from '~/lib/company';
import { actionFailure } from '~/lib/request-failure';
import { useFormAnswer } from '~/lib/use-form-answer';
import * as scopeWords from '~/words/group-scope';
import { ROLE_WORDS } from '~/words/roles';
import * as words from '~/words/single-sign-on';
import card from './card.module.css';
import { groupOption } from './group-options';
import { GroupPicker } from './group-picker';
import { Done, Problem } from './said';
import { Card } from './settings-page';

type Known = NonNullable<SingleSignOnQuery['company']>['singleSignOn'];

const FIRST_ROLES = ['VIEWER', 'MEMBER'] as const satisfies readonly DefaultRole[];
const ROLE_OPTIONS = FIRST_ROLES.map((value) => ({ value, label: ROLE_WORDS[value] }));

/** How people sign in by a provider of the company's own, and setting that up. */
export function SingleSignOnCard({ company }: { company: Company }) {
  const [{ data, error }, execute] = useQuery({
    query: SingleSignOnDocument,
    variables: { company: company.id },
    requestPolicy: 'cache-and-network',
  });
  const [done, setDone] = useState<string | null>(null);
  const refresh = () => execute({ requestPolicy: 'network-only' });
  const known = data?.company?.singleSignOn;
  const changed = (said: string) => {
    setDone(said);
    refresh();
  };
  return (
    <Card title={words.singleSignOn}>
      <p className={card.hint}>{words.singleSignOnHint}</p>
      {error && <ErrorBanner error={error} onRetry={refresh} />}
      {!known && !error && (
        <Skeleton height={320} role="status" aria-busy="true" aria-label={words.loading} />
      )}
      {known && (
        <>
          <Addresses known={known} slug={company.slug} />
          <ProviderForm
            // What was set, or is no more, is what the fields begin with.
            key={known.issuer ?? ''}
            companyId={company.id}
            known={known}
            onAsked={() => setDone(null)}
            onSet={() => changed(words.isSet)}
          >
            {known.issuer !== null && (
              <EndButton
                companyId={company.id}
                isOwn={data.viewer.isBySingleSignOn}
                onEnded={() => changed(words.isEnded)}
              />
            )}
          </ProviderForm>
        </>
      )}
      <Done>{done}</Done>
    </Card>
  );
}

/** What has to be entered at the provider; and where people sign in, once they can. */
function Addresses({ known, slug }: { known: Known; slug: string }) {
  const link = `${window.location.origin}/single-sign-on?company=${slug}`;
  return (
    <dl className={card.addresses}>
      <dt>{words.callbackUrl}</dt>
      <dd>{words.callbackHint}</dd>
      <dd>
        <code>{known.callbackUrl}</code>
        <CopyButton value={known.callbackUrl} label={words.copyCallbackUrl} />
      </dd>
      {known.issuer !== null && (
        <>
          <dt>{words.signInLink}</dt>
          <dd>
            <code>{link}</code>
            <CopyButton value={link} label={words.copySignInLink} />
          </dd>
        </>
      )}
    </dl>
  );
}

interface ProviderFormProps {
  companyId: string;
  known: Known;
  onAsked: () => void;
  onSet: () => void;
  /** What else can be done. */
  children: ReactNode;
}

function ProviderForm({ companyId, known, onAsked, onSet, children }: ProviderFormProps) {
  const [{ fetching }, set] = useMutation(SetSingleSignOnDocument);
  const isSet = known.issuer !== null;
  const form = useForm({
    initialValues: {
      issuer: known.issuer ?? '',
      clientId: known.clientId ?? '',
      clientSecret: '',
      domains: known.domains.join(', '),
      defaultRole: known.defaultRole ?? ('VIEWER' as DefaultRole),
      groupScope: known.groupScope?.map(({ groupId }) => groupId) ?? [],
    },
    validate: {
      issuer: (value) => (value.trim() === '' ? words.enterIssuer : null),
      clientId: (value) => (value.trim() === '' ? words.enterClientId : null),
      clientSecret: (value) => (value.trim() === '' && !isSet ? words.enterClientSecret : null),
      domains: (value) => (domainsOf(value).length === 0 ? words.enterDomains : null),
    },
  });
  const { problem, clearProblem, wentWell, focusFirst } = useFormAnswer(form);
  const { groupScope } = form.values;
  const submit = async ({ clientSecret, domains, ...values }: typeof form.values) => {
    clearProblem();
    onAsked();
    const input = {
      companyId,
      ...values,
      clientSecret: clientSecret.trim() === '' ? null : clientSecret,
      domains: domainsOf(domains),
      groupScope: groupScope.length > 0 ? groupScope : null,
    };
    const { data, error } = await set({ input });
    if (!wentWell({ error, userErrors: data?.setSingleSignOn.userErrors })) return;
    form.setFieldValue('clientSecret', '');
    onSet();
  };
  return (
    <form className={card.form} noValidate onSubmit={form.onSubmit(submit, focusFirst)}>
      <TextInput
        label={words.issuer}
        description={words.issuerHint}
        name="issuer"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('issuer')}
      />
      <TextInput
        label={words.clientId}
        name="clientId"
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('clientId')}
      />
      <PasswordInput
        label={words.clientSecret}
        description={isSet ? words.clientSecretKept : undefined}
        name="clientSecret"
        // Programs that keep passwords would offer the person's own.
        autoComplete="new-password"
        {...form.getInputProps('clientSecret')}
      />
      <TextInput
        label={words.domains}
        description={words.domainsHint}
        name="domains"
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('domains')}
      />
      <NativeSelect
        label={words.defaultRole}
        name="defaultRole"
        data={ROLE_OPTIONS}
        {...form.getInputProps('defaultRole')}
      />
      <GroupPicker
        label={scopeWords.groupsOfNewcomers}
        placeholder={scopeWords.everybody}
        chosen={groupScope}
        known={known.groupScope?.map(groupOption)}
        error={form.errors.groupScope}
        onChange={(chosen) => form.setFieldValue('groupScope', chosen)}
      />
      <Group gap="xs">
        <Button type="submit" size="xs" loading={fetching}>
          {isSet ? words.save : words.setUp}
        </Button>
        {children}
      </Group>
      <Problem text={problem} />
    </form>
  );
}

/** Each on its own, however they were set apart. */
function domainsOf(typed: string): string[] {
  return typed.split(/[\s,;]+/).filter((domain) => domain !== '');
}

interface EndButtonProps {
  companyId: string;
  /** Whether the viewer came in by it. */
  isOwn: boolean;
  onEnded: () => void;
}

function EndButton({ companyId, isOwn, onEnded }: EndButtonProps) {
  const [asked, ask] = useState(false);
  const [, end] = useMutation(EndSingleSignOnDocument);
  const onConfirm = async () => {
    const { data, error } = await end({ input: { companyId } });
    const failure = actionFailure(error, data?.endSingleSignOn);
    if (failure === null) onEnded();
    return failure;
  };
  return (
    <>
      <Button size="xs" variant="default" onClick={() => ask(true)}>
        {words.end}
      </Button>
      <ConfirmDialog
        opened={asked}
        title={words.endQuestion}
        confirm={words.end}
        onClose={() => ask(false)}
        onConfirm={onConfirm}
      >
        {words.endConsequence} {isOwn && words.endConsequenceForSelf}
      </ConfirmDialog>
    </>
  );
}
