import { Button, Input, NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useMutation } from 'urql';
import { CheckList } from '~/components/check-filter';
import { CreateApiKeyDocument, type KeyScope } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { failureText } from '~/lib/request-failure';
import { expiryOf, LIFETIMES, SCOPE_OPTIONS } from './key-words';
import type { MadeKey } from './keys-page';
import classes from './keys-page.module.css';
import { Card } from './settings-page';

const EMPTY: { name: string; expiresAt: string; scopes: KeyScope[] } = {
  name: '',
  expiresAt: '90',
  scopes: ['CALLS_READ'],
};

export function NewKeyCard({ onMade }: { onMade: (key: MadeKey) => void }) {
  const company = useCompany();
  const [{ fetching }, create] = useMutation(CreateApiKeyDocument);
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({
    initialValues: EMPTY,
    validate: {
      name: (value) => (value.trim() === '' ? 'Say what the key is for.' : null),
      scopes: (value) => (value.length === 0 ? 'Choose at least one.' : null),
    },
  });
  const submit = async ({ name, scopes, expiresAt }: typeof EMPTY) => {
    setProblem(null);
    const until = expiryOf(expiresAt, new Date());
    const input = { companyId: company.id, name, scopes, expiresAt: until };
    const { data, error } = await create({ input });
    const wrong = data?.createApiKey.userErrors[0];
    const field = wrong?.field?.at(-1) ?? '';
    const secret = data?.createApiKey.secret;
    if (error) setProblem(failureText(error));
    else if (wrong && field in EMPTY) {
      form.setFieldError(field, wrong.message);
      form.getInputNode(field)?.focus();
    } else if (wrong) setProblem(wrong.message);
    else if (secret) {
      form.reset();
      onMade({ name, secret });
    }
  };
  return (
    <Card title="Make a key">
      <form
        className={classes.form}
        noValidate
        onSubmit={form.onSubmit(submit, (errors) => {
          if (errors.name) form.getInputNode('name')?.focus();
        })}
      >
        <TextInput
          label="Name"
          description="What it is for"
          name="name"
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <NativeSelect
          label="Good for"
          name="expiresAt"
          data={LIFETIMES}
          {...form.getInputProps('expiresAt')}
        />
        <Input.Wrapper label="May" error={form.errors.scopes} labelElement="div">
          <div className={classes.scopes}>
            <CheckList
              label="May"
              options={SCOPE_OPTIONS}
              chosen={form.values.scopes}
              onChange={(scopes) => form.setFieldValue('scopes', scopes as KeyScope[])}
            />
          </div>
        </Input.Wrapper>
        <div>
          <Button type="submit" size="xs" loading={fetching}>
            Make the key
          </Button>
        </div>
      </form>
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
    </Card>
  );
}
