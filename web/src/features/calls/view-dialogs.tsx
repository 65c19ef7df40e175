import { Button, Checkbox, Group, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from 'urql';
import { Dialog } from '~/components/dialog';
import { CreateSavedViewDocument, UpdateSavedViewDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { say } from '~/lib/toast';
import { useFormAnswer } from '~/lib/use-form-answer';
import { callsViewsWords as words } from '~/words/calls-views';
import classes from './view-strip.module.css';
import type { KeptView } from './views';

const NAME_CHARS_MAX = 60;

type Naming =
  /** A view that there is gets another name. */
  | { view: KeptView }
  /** What is on the page becomes a view. */
  | { view?: undefined; content: string; onMade: (id: string) => void };

type NameViewDialogProps = Naming & { opened: boolean; onClose: () => void };

export function NameViewDialog({ opened, onClose, ...naming }: NameViewDialogProps) {
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={naming.view ? words.renameTitle : words.nameTitle}
      size="sm"
    >
      <NameForm {...naming} onClose={onClose} />
    </Dialog>
  );
}

function NameForm({ onClose, ...naming }: Naming & { onClose: () => void }) {
  const { view } = naming;
  const { id: companyId, viewerMay } = useCompany();
  const [creating, create] = useMutation(CreateSavedViewDocument);
  const [updating, update] = useMutation(UpdateSavedViewDocument);
  const form = useForm({
    initialValues: { name: view?.name ?? '', isShared: false },
    validate: { name: (value) => (value.trim() === '' ? words.nameMissing : null) },
  });
  const { problem, clearProblem, wentWell, focusFirst } = useFormAnswer(form);

  const submit = async ({ name, isShared }: typeof form.values) => {
    clearProblem();
    if (naming.view) {
      const input = { companyId, viewId: naming.view.id, name };
      const { data, error } = await update({ input });
      if (!wentWell({ error, userErrors: data?.updateSavedView.userErrors })) return;
    } else {
      const input = { companyId, name, isShared, content: naming.content };
      const { data, error } = await create({ input });
      if (!wentWell({ error, userErrors: data?.createSavedView.userErrors })) return;
      const made = data?.createSavedView.savedView;
      if (made) naming.onMade(made.id);
    }
    say(words.saved);
    onClose();
  };

  return (
    <form className={classes.form} noValidate onSubmit={form.onSubmit(submit, focusFirst)}>
      <TextInput
        label={words.name}
        name="name"
        autoComplete="off"
        maxLength={NAME_CHARS_MAX}
        data-autofocus
        {...form.getInputProps('name')}
      />
      {!view && viewerMay.includes('SHARE_VIEWS') && (
        <Checkbox
          label={words.share}
          description={words.shareHint}
          {...form.getInputProps('isShared', { type: 'checkbox' })}
        />
      )}
      {problem !== null && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {words.cancel}
        </Button>
        <Button type="submit" loading={creating.fetching || updating.fetching}>
          {view ? words.keepName : words.keep}
        </Button>
      </Group>
    </form>
  );
}
