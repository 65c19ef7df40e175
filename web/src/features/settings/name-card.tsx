import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useMutation } from 'urql';
import { UpdateProfileDocument } from '~/gql/documents';
import { useFormAnswer } from '~/lib/use-form-answer';
import * as words from '~/words/settings';
import card from './card.module.css';
import { Done, Problem } from './said';
import { Card } from './settings-page';

interface NameCardProps {
  name: string | null;
  onChanged: () => void;
}

/** What colleagues see in place of a bare address. */
export function NameCard({ name, onChanged }: NameCardProps) {
  const [{ fetching }, update] = useMutation(UpdateProfileDocument);
  const [done, setDone] = useState(false);
  const form = useForm({ initialValues: { name: name ?? '' } });
  const { problem, clearProblem, wentWell, focusFirst } = useFormAnswer(form);
  const submit = async (input: { name: string }) => {
    clearProblem();
    setDone(false);
    const { data, error } = await update({ input });
    if (!wentWell({ error, userErrors: data?.updateProfile.userErrors })) return;
    form.setFieldValue('name', data?.updateProfile.user?.name ?? '');
    setDone(true);
    onChanged();
  };
  return (
    <Card title={words.yourName}>
      <form className={card.form} noValidate onSubmit={form.onSubmit(submit, focusFirst)}>
        <TextInput
          label={words.nameForColleagues}
          description={words.yourNameHint}
          name="name"
          autoComplete="name"
          {...form.getInputProps('name')}
        />
        <div>
          <Button type="submit" size="xs" variant="default" loading={fetching}>
            {words.saveName}
          </Button>
        </div>
      </form>
      <Done>{done && words.nameSaved}</Done>
      <Problem text={problem} />
    </Card>
  );
}
