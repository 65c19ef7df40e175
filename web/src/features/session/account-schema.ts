import * as v from 'valibot';
import * as words from '~/words/session';
import { enterCompanyAddress } from '~/words/single-sign-on';

// Only what saves a round trip is checked here; the server decides and its message is shown.
const email = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty(words.enterEmail),
  v.regex(/^\S+@\S+$/, words.noEmail),
);

export const SignInSchema = v.object({
  email,
  password: v.pipe(v.string(), v.nonEmpty(words.enterYourPassword)),
});

export const SecondStepSchema = v.object({
  code: v.pipe(v.string(), v.trim(), v.nonEmpty(words.enterCodeError)),
});

export const RequestResetSchema = v.object({ email });

export const SingleSignOnSchema = v.object({
  company: v.pipe(v.string(), v.trim(), v.nonEmpty(enterCompanyAddress)),
});

export const ResetPasswordSchema = v.object({
  password: v.pipe(v.string(), v.nonEmpty(words.chooseNewPasswordError)),
});

export const SignUpSchema = v.object({
  companyName: v.pipe(v.string(), v.trim(), v.nonEmpty(words.enterCompanyName)),
  email,
  password: v.pipe(v.string(), v.nonEmpty(words.choosePasswordError)),
  timeZone: v.string(),
});
