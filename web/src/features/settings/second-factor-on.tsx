import { Button, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useMutation } from 'urql';
import { EndSecondFactorDocument, ReplaceRecoveryCodesDocument } from '~/gql/documents';
import { shortDate } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { say } from '~/lib/toast';
import { useFormAnswer } from '~/lib/use-form-answer';
import * as words from '~/words/settings';
import card from './card.module.css';
import { Problem } from './said';

interface SecondFactorOnProps {
  factor: { since: string; recoveryCodesLeft: number };
  onCodes: (codes: string[]) => void;
  onEnded: () => void;
}

const ACTIONS = { codes: words.makeNewRecoveryCodes, end: words.turnItOff } as const;

/** What can be done about it needs the password again. */
export function SecondFactorOn({ factor, onCodes, onEnded }: SecondFactorOnProps) {
  const timeZone = useTimeZone();
  const [wanted, setWanted] = useState<keyof typeof ACTIONS | null>(null);
  const [{ fetching: replacing }, replace] = useMutation(ReplaceRecoveryCodesDocument);
  const [{ fetching: ending }, end] = useMutation(EndSecondFactorDocument);
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (value) => (value === '' ? words.enterPassword : null) },
  });
  const { problem, clearProblem, wentWell, focusFirst } = useFormAnswer(form);
  const submit = async (input: { password: string }) => {
    clearProblem();
    if (wanted === 'end') {
      const { data, error } = await end({ input });
      if (!wentWell({ error, userErrors: data?.endSecondFactor.userErrors })) return;
      say(words.secondFactorIsOff);
      onEnded();
    } else {
      const { data, error } = await replace({ input });
      if (!wentWell({ error, userErrors: data?.replaceRecoveryCodes.userErrors })) return;
      onCodes(data?.replaceRecoveryCodes.recoveryCodes ?? []);
    }
  };
  return (
    <>
      <p className={card.hint}>
        {words.onSince(shortDate(factor.since, timeZone))}{' '}
        {words.codesLeft(factor.recoveryCodesLeft)}
      </p>
      {wanted === null ? (
        <div className={card.actions}>
          {(['codes', 'end'] as const).map((action) => (
            <Button key={action} size="xs" variant="default" onClick={() => setWanted(action)}>
              {ACTIONS[action]}
            </Button>
          ))}
        </div>
      ) : (
        <form className={card.form} noValidate onSubmit={form.onSubmit(submit, focusFirst)}>
          <PasswordInput
            label={words.yourPassword}
            description={wanted === 'end' ? words.turnOffEffect : words.newCodesEffect}
            name="password"
            autoComplete="current-password"
            autoFocus
            {...form.getInputProps('password')}
          />
          <div className={card.actions}>
            <Button type="submit" size="xs" loading={replacing || ending}>
              {ACTIONS[wanted]}
            </Button>
            <Button size="xs" variant="default" onClick={() => setWanted(null)}>
              {words.cancel}
            </Button>
          </div>
        </form>
      )}
      <Problem text={problem} />
    </>
  );
}
