import { Button, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMutation } from 'urql';
import { DeleteAccountDocument } from '~/gql/documents';
import { forgetSession } from '~/lib/session-end';
import { useFormAnswer } from '~/lib/use-form-answer';
import * as words from '~/words/settings';
import card from './card.module.css';
import { Problem } from './said';
import { Card } from './settings-page';

/** The end of the person's own account. The form comes when it is asked for, so that no password is asked without need. */
export function EndAccountCard() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Card title={words.deleteAccountTitle}>
      <p className={card.hint}>{words.deleteAccountLead}</p>
      {isOpen ? (
        <EndAccount onCancel={() => setOpen(false)} />
      ) : (
        <Button size="xs" variant="outline" color="red" onClick={() => setOpen(true)}>
          {words.deleteAccount}
        </Button>
      )}
    </Card>
  );
}

function EndAccount({ onCancel }: { onCancel: () => void }) {
  const [{ fetching }, end] = useMutation(DeleteAccountDocument);
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { currentPassword: '' },
    validate: { currentPassword: (value) => (value === '' ? words.enterPassword : null) },
  });
  const { problem, clearProblem, wentWell, focusFirst } = useFormAnswer(form);
  const submit = async (input: typeof form.values) => {
    clearProblem();
    const { data, error } = await end({ input });
    if (!wentWell({ error, userErrors: data?.deleteAccount.userErrors })) return;
    forgetSession();
    await navigate({ to: '/signup' });
  };
  return (
    <>
      <form className={card.form} noValidate onSubmit={form.onSubmit(submit, focusFirst)}>
        <PasswordInput
          label={words.yourPassword}
          name="currentPassword"
          autoComplete="current-password"
          autoFocus
          {...form.getInputProps('currentPassword')}
        />
        <div className={card.actions}>
          <Button type="submit" size="xs" color="red.9" loading={fetching}>
            {words.deleteForGood}
          </Button>
          <Button size="xs" variant="default" onClick={onCancel}>
            {words.cancel}
          </Button>
        </div>
      </form>
      <Problem text={problem} />
    </>
  );
}
