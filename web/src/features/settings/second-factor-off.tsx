import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { QRCodeSVG } from 'qrcode.react';
import { useState } from 'react';
import { useMutation } from 'urql';
import { CopyButton } from '~/components/copy-button';
import { BeginSecondFactorDocument, ConfirmSecondFactorDocument } from '~/gql/documents';
import { useFormAnswer } from '~/lib/use-form-answer';
import * as words from '~/words/settings';
import card from './card.module.css';
import { Problem } from './said';
import classes from './second-factor.module.css';

const QR_PX = 168;

interface Begun {
  otpauthUrl: string;
  secret: string;
}

/** Turning it on: the password, then the app is shown the secret, then it shows that it has it. */
export function SecondFactorOff({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const [begun, setBegun] = useState<Begun | null>(null);
  if (begun) return <Confirm begun={begun} onCodes={onCodes} onCancel={() => setBegun(null)} />;
  return <Begin onBegun={setBegun} />;
}

function Begin({ onBegun }: { onBegun: (begun: Begun) => void }) {
  const [{ fetching }, begin] = useMutation(BeginSecondFactorDocument);
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (value) => (value === '' ? words.enterPassword : null) },
  });
  const { problem, clearProblem, wentWell, focusFirst } = useFormAnswer(form);
  const submit = async (input: { password: string }) => {
    clearProblem();
    const { data, error } = await begin({ input });
    const answer = data?.beginSecondFactor;
    if (!wentWell({ error, userErrors: answer?.userErrors })) return;
    if (!answer?.otpauthUrl || !answer.secret) return;
    onBegun({ otpauthUrl: answer.otpauthUrl, secret: answer.secret });
  };
  return (
    <>
      <p className={card.hint}>{words.secondFactorLead}</p>
      <form className={card.form} noValidate onSubmit={form.onSubmit(submit, focusFirst)}>
        <PasswordInput
          label={words.yourPassword}
          name="password"
          autoComplete="current-password"
          {...form.getInputProps('password')}
        />
        <div>
          <Button type="submit" size="xs" variant="default" loading={fetching}>
            {words.setItUp}
          </Button>
        </div>
      </form>
      <Problem text={problem} />
    </>
  );
}

interface ConfirmProps {
  begun: Begun;
  onCodes: (codes: string[]) => void;
  onCancel: () => void;
}

function Confirm({ begun, onCodes, onCancel }: ConfirmProps) {
  const [{ fetching }, confirm] = useMutation(ConfirmSecondFactorDocument);
  const form = useForm({
    initialValues: { code: '' },
    validate: { code: (value) => (value.trim() === '' ? words.enterCode : null) },
  });
  const { problem, clearProblem, wentWell, focusFirst } = useFormAnswer(form);
  const submit = async (input: { code: string }) => {
    clearProblem();
    const { data, error } = await confirm({ input });
    if (!wentWell({ error, userErrors: data?.confirmSecondFactor.userErrors })) return;
    onCodes(data?.confirmSecondFactor.recoveryCodes ?? []);
  };
  return (
    <>
      <p className={card.hint}>{words.scanThis}</p>
      <div className={classes.begun}>
        {/* Codes are read by cameras best dark on light, whatever the theme. */}
        <span className={classes.qr}>
          <QRCodeSVG value={begun.otpauthUrl} size={QR_PX} title={words.qrTitle} />
        </span>
        <div className={classes.key}>
          <span className={classes.keyLabel}>{words.key}</span>
          <code data-testid="second-factor-key">{begun.secret}</code>
          <CopyButton value={begun.secret} label={words.copyKey} labelled />
        </div>
      </div>
      <form className={card.form} noValidate onSubmit={form.onSubmit(submit, focusFirst)}>
        <TextInput
          label={words.code}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus
          {...form.getInputProps('code')}
        />
        <div className={card.actions}>
          <Button type="submit" size="xs" loading={fetching}>
            {words.turnItOn}
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
