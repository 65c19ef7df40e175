import { schemaResolver, useForm } from '@mantine/form';
import { useState } from 'react';
import type { GenericSchema } from 'valibot';
import { AuthError } from './auth-api';

/** A form whose errors, from here or from the server, appear at their field with the focus on the first. */
export function useAccountForm<Values extends Record<string, string>>(
  schema: GenericSchema<Values>,
  initialValues: Values,
  submit: (values: Values) => Promise<void>,
) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useForm<Values>({
    mode: 'uncontrolled',
    initialValues,
    validate: schemaResolver(schema, { sync: true }),
  });

  const focusOn = (field: string) => form.getInputNode(field)?.focus();

  const onSubmit = form.onSubmit(
    async (values) => {
      setBusy(true);
      setProblem(null);
      try {
        await submit(values);
      } catch (error) {
        if (!(error instanceof AuthError)) throw error;
        if (error.field !== null && error.field in initialValues) {
          form.setFieldError(error.field, error.message);
          focusOn(error.field);
        } else {
          setProblem(error.message);
        }
      } finally {
        setBusy(false);
      }
    },
    (errors) => {
      setProblem(null);
      const first = Object.keys(initialValues).find((name) => errors[name]);
      if (first) focusOn(first);
    },
  );

  return { form, onSubmit, problem, busy };
}
