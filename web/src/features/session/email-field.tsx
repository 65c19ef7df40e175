import { TextInput, type TextInputProps } from '@mantine/core';
import * as words from '~/words/session';

/** Who somebody is: programs that keep passwords know the field by its name. */
export function EmailField(props: TextInputProps) {
  return (
    <TextInput label={words.email} type="email" name="email" autoComplete="username" {...props} />
  );
}
