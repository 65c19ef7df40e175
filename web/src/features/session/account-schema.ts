import * as v from 'valibot';

// Only what saves a round trip is checked here; the server decides and its message is shown.
const email = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty('Enter your e-mail address.'),
  v.regex(/^\S+@\S+$/, 'This does not look like an e-mail address.'),
);

export const SignInSchema = v.object({
  email,
  password: v.pipe(v.string(), v.nonEmpty('Enter your password.')),
});

export const RequestResetSchema = v.object({ email });

export const ResetPasswordSchema = v.object({
  password: v.pipe(v.string(), v.nonEmpty('Choose a new password.')),
});

export const SignUpSchema = v.object({
  companyName: v.pipe(v.string(), v.trim(), v.nonEmpty('Enter the name of your company.')),
  email,
  password: v.pipe(v.string(), v.nonEmpty('Choose a password.')),
  timeZone: v.string(),
});
