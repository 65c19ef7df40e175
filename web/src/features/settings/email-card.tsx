import { Button, Group, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useMutation } from 'urql';
import {
  RequestEmailChangeDocument,
  type SecurityQuery,
  SendVerificationDocument,
} from '~/gql/documents';
import { actionFailure } from '~/lib/request-failure';
import { useFormAnswer } from '~/lib/use-form-answer';
import * as words from '~/words/settings';
import card from './card.module.css';
import { Done, Problem } from './said';
import classes from './security-page.module.css';
import { Card } from './settings-page';

type User = NonNullable<SecurityQuery['viewer']['user']>;

const EMPTY = { email: '', currentPassword: '' };

export function EmailCard({ user }: { user: User }) {
  const [{ fetching }, send] = useMutation(SendVerificationDocument);
  const [said, setSaid] = useState<{ text: string; failed: boolean } | null>(null);
  const [changing, setChanging] = useState(false);
  const sendAgain = async () => {
    const { data, error } = await send({});
    const failure = actionFailure(error, data?.sendVerification);
    const sent = data?.sendVerification.isVerified
      ? words.confirmedAlready
      : words.linkSentTo(user.email);
    setSaid({ text: failure ?? sent, failed: failure !== null });
  };
  const asked = (email: string) => {
    setChanging(false);
    setSaid({ text: words.moveLinkSentTo(email), failed: false });
  };
  return (
    <Card title={words.emailAddress}>
      <p className={classes.line}>
        <bdi className={card.strong}>{user.email}</bdi>{' '}
        <span className={card.badge} data-good={user.isVerified}>
          {user.isVerified ? words.confirmed : words.notConfirmedYet}
        </span>
      </p>
      {!user.isVerified && <p className={card.hint}>{words.notConfirmedHint}</p>}
      {changing ? (
        <ChangeForm onAsked={asked} onCancel={() => setChanging(false)} />
      ) : (
        <Group gap="xs">
          {!user.isVerified && (
            <Button size="xs" variant="default" loading={fetching} onClick={sendAgain}>
              {words.sendAnotherLink}
            </Button>
          )}
          <Button size="xs" variant="default" onClick={() => setChanging(true)}>
            {words.changeAddress}
          </Button>
        </Group>
      )}
      <Done>{said?.failed === false && said.text}</Done>
      <Problem text={said?.failed ? said.text : null} />
    </Card>
  );
}

interface ChangeFormProps {
  onAsked: (email: string) => void;
  onCancel: () => void;
}

function ChangeForm({ onAsked, onCancel }: ChangeFormProps) {
  const [{ fetching }, request] = useMutation(RequestEmailChangeDocument);
  const form = useForm({
    initialValues: EMPTY,
    validate: {
      email: (value) => (value.trim() === '' ? words.enterNewAddress : null),
      currentPassword: (value) => (value === '' ? words.enterCurrentPassword : null),
    },
  });
  const { problem, clearProblem, wentWell, focusFirst } = useFormAnswer(form);
  const submit = async (input: typeof EMPTY) => {
    clearProblem();
    const { data, error } = await request({ input });
    if (!wentWell({ error, userErrors: data?.requestEmailChange.userErrors })) return;
    onAsked(input.email.trim());
  };
  return (
    <form className={card.form} noValidate onSubmit={form.onSubmit(submit, focusFirst)}>
      <TextInput
        label={words.newAddress}
        description={words.newAddressHint}
        type="email"
        name="email"
        autoComplete="email"
        data-autofocus
        autoFocus
        {...form.getInputProps('email')}
      />
      <PasswordInput
        label={words.currentPassword}
        name="currentPassword"
        autoComplete="current-password"
        {...form.getInputProps('currentPassword')}
      />
      <Group gap="xs">
        <Button type="submit" size="xs" loading={fetching}>
          {words.sendLink}
        </Button>
        <Button size="xs" variant="default" onClick={onCancel}>
          {words.cancel}
        </Button>
      </Group>
      <Problem text={problem} />
    </form>
  );
}
