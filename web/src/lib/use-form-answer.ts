// What the server says to a form: at the field that is wrong, with the focus on it, or below the form.
import type { CombinedError } from '@urql/core';
import { useState } from 'react';
import type { UserErrorFieldsFragment } from '~/gql/documents';
import { failureText } from '~/lib/request-failure';

interface Fields {
  values: object;
  setFieldError: (field: string, message: string) => void;
  getInputNode: (field: string) => HTMLElement | null;
}

interface Answer {
  error?: CombinedError;
  userErrors: UserErrorFieldsFragment[] | undefined;
}

export function useFormAnswer(form: Fields) {
  const [problem, setProblem] = useState<string | null>(null);

  /** Whether all went well; what did not is shown. */
  const wentWell = ({ error, userErrors }: Answer): boolean => {
    const wrong = userErrors?.[0];
    const field = wrong?.field?.at(-1) ?? '';
    if (error) setProblem(failureText(error));
    else if (wrong && field in form.values) {
      form.setFieldError(field, wrong.message);
      form.getInputNode(field)?.focus();
    } else setProblem(wrong?.message ?? null);
    return !error && !wrong;
  };

  return {
    problem,
    clearProblem: () => setProblem(null),
    wentWell,
    /** For values that are wrong before anybody was asked. */
    focusFirst: (errors: object) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus(),
  };
}
