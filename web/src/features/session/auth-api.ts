// Signing up and in is plain JSON over the same origin; the session itself is a cookie.
import * as v from 'valibot';
import * as words from '~/words/session';

const CompanySchema = v.object({ slug: v.string(), name: v.string() });
const SignUpAnswer = v.object({ company: CompanySchema });
const SignInAnswer = v.object({
  companies: v.array(CompanySchema),
  /** The password was right, and a code is asked for before anything opens. */
  needsCode: v.optional(v.boolean(), false),
});
const FailureAnswer = v.object({
  error: v.object({
    code: v.string(),
    message: v.string(),
    field: v.optional(v.nullable(v.string())),
  }),
});

const InvitedAnswer = v.object({
  company: CompanySchema,
  email: v.string(),
  role: v.string(),
  hasAccount: v.boolean(),
});

export type Invited = v.InferOutput<typeof InvitedAnswer>;
export type AccountCompany = v.InferOutput<typeof CompanySchema>;

export class AuthError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly field: string | null,
  ) {
    super(message);
    this.name = 'AuthError';
  }
}

export interface SignUp {
  companyName: string;
  email: string;
  password: string;
  timeZone: string;
}

export async function signUp(input: SignUp): Promise<AccountCompany> {
  return v.parse(SignUpAnswer, await post('/auth/sign-up', input)).company;
}

export type SignedIn = v.InferOutput<typeof SignInAnswer>;

export async function signIn(input: { email: string; password: string }): Promise<SignedIn> {
  return v.parse(SignInAnswer, await post('/auth/sign-in', input));
}

/** With a code of the app, or one of those that were kept for when there is no app. */
export async function giveCode(code: string): Promise<SignedIn> {
  return v.parse(SignInAnswer, await post('/auth/second-step', { code }));
}

const AwayAnswer = v.object({ url: v.string() });

/** Where the provider of a company asks who somebody is. */
export async function beginSingleSignOn(input: {
  company: string;
  next?: string | undefined;
}): Promise<string> {
  return v.parse(AwayAnswer, await post('/auth/sso', input)).url;
}

/** The secret of a link is what stands behind the `#`: no server sees it in an address. */
export async function verifyEmail(link: string): Promise<void> {
  await post('/auth/verify-email', { link });
}

/** Moves the account to the address that the link was mailed to. */
export async function changeEmail(link: string): Promise<void> {
  await post('/auth/change-email', { link });
}

/** Moves the account back; the password of before is good no more. */
export async function undoEmailChange(link: string): Promise<void> {
  await post('/auth/undo-email-change', { link });
}

/** Answers the same whether somebody has the address or not. */
export async function requestReset(email: string): Promise<void> {
  await post('/auth/request-password-reset', { email });
}

export async function resetPassword(link: string, password: string): Promise<void> {
  await post('/auth/reset-password', { link, password });
}

export async function openInvitation(link: string): Promise<Invited> {
  return v.parse(InvitedAnswer, await post('/auth/invitation', { link }));
}

/** With a password for who has no account yet; else for the person who is signed in. */
export async function acceptInvitation(link: string, password?: string): Promise<AccountCompany> {
  return v.parse(SignUpAnswer, await post('/auth/accept-invitation', { link, password })).company;
}

async function post(path: string, body: object): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json', 'x-requested-with': 'trunkline' },
      body: JSON.stringify(body),
    });
  } catch {
    throw new AuthError('OFFLINE', words.unreachable, null);
  }
  const text = await response.text();
  if (response.ok) return text === '' ? null : JSON.parse(text);
  throw readFailure(response, text);
}

function readFailure(response: Response, text: string): AuthError {
  try {
    const { error } = v.parse(FailureAnswer, JSON.parse(text));
    return new AuthError(error.code, error.message, error.field ?? fieldOf(error.code));
  } catch {
    // Something between us and the server may answer in its own words, which are not for people.
    const id = response.headers.get('x-request-id');
    return new AuthError('UNKNOWN', words.unexpectedAnswer(response.status, id), null);
  }
}

function fieldOf(code: string): string | null {
  if (code === 'WEAK_PASSWORD') return 'password';
  return null;
}
