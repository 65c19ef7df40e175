import { Button, Input, NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from 'urql';
import { CheckList } from '~/components/check-list';
import { CreateApiKeyDocument, type KeyScope } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { useFormAnswer } from '~/lib/use-form-answer';
import * as words from '~/words/settings';
import card from './card.module.css';
import { expiryOf, LIFETIMES, SCOPE_OPTIONS } from './key-words';
import type { MadeKey } from './keys-page';
import classes from './keys-page.module.css';
import { Problem } from './said';
import { Card } from './settings-page';

const EMPTY: { name: string; expiresAt: string; scopes: KeyScope[]; networks: string } = {
  name: '',
  expiresAt: '90',
  scopes: ['CALLS_READ'],
  networks: '',
};

export function NewKeyCard({ onMade }: { onMade: (key: MadeKey) => void }) {
  const company = useCompany();
  const [{ fetching }, create] = useMutation(CreateApiKeyDocument);
  const form = useForm({
    initialValues: EMPTY,
    validate: {
      name: (value) => (value.trim() === '' ? words.sayWhatFor : null),
      scopes: (value) => (value.length === 0 ? words.chooseAtLeastOne : null),
    },
  });
  const { problem, clearProblem, wentWell, focusFirst } = useFormAnswer(form);
  const submit = async ({ name, scopes, expiresAt, networks }: typeof EMPTY) => {
    clearProblem();
    const until = expiryOf(expiresAt, new Date());
    const from = networks.split(/[\s,]+/).filter((network) => network !== '');
    const input = { companyId: company.id, name, scopes, expiresAt: until, networks: from };
    const { data, error } = await create({ input });
    if (!wentWell({ error, userErrors: data?.createApiKey.userErrors })) return;
    const secret = data?.createApiKey.secret;
    if (!secret) return;
    form.reset();
    onMade({ name, secret });
  };
  return (
    <Card title={words.makeKeyTitle}>
      <form className={card.form} noValidate onSubmit={form.onSubmit(submit, focusFirst)}>
        <TextInput
          label={words.keyName}
          description={words.nameHint}
          name="name"
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <NativeSelect
          label={words.goodFor}
          name="expiresAt"
          data={LIFETIMES}
          {...form.getInputProps('expiresAt')}
        />
        <Input.Wrapper label={words.scopes} error={form.errors.scopes} labelElement="div">
          <div className={classes.scopes}>
            <CheckList
              label={words.scopes}
              options={SCOPE_OPTIONS}
              chosen={form.values.scopes}
              onChange={(scopes) => form.setFieldValue('scopes', scopes as KeyScope[])}
            />
          </div>
        </Input.Wrapper>
        <TextInput
          label={words.keyNetworks}
          description={words.keyNetworksHint}
          name="networks"
          autoComplete="off"
          spellCheck={false}
          placeholder={words.keyNetworksExample}
          {...form.getInputProps('networks')}
        />
        <div>
          <Button type="submit" size="xs" loading={fetching}>
            {words.makeKey}
          </Button>
        </div>
      </form>
      <Problem text={problem} />
    </Card>
  );
}
