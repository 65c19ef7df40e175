// A provider of OpenID Connect that nobody here wrote, for one company.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const CLIENT = { id: 'trunkline-tests', secret: 'what only the provider and Trunkline know' };

/** Where install.sh puts it. */
function folder(): string {
  const { TRUNKLINE_CACHE: own, XDG_CACHE_HOME: caches } = process.env;
  return join(own ?? join(caches ?? join(homedir(), '.cache'), 'trunkline'), 'oidc');
}

export class OpenIdProvider {
  private constructor(
    readonly issuer: string,
    private readonly process: ChildProcessWithoutNullStreams,
    private readonly lines: AsyncIterator<string>,
  ) {}

  /** One that sends browsers back to this address. */
  static async start(callback: string): Promise<OpenIdProvider> {
    const program = readFileSync('../it/support/openid_provider.mjs', 'utf8');
    const args = ['--input-type=module', '--eval', program, CLIENT.id, CLIENT.secret, callback];
    const child = spawn('node', args, { cwd: folder() });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value } = await lines.next();
    if (value === undefined) throw new Error('no provider: deploy/scripts/install.sh test');
    return new OpenIdProvider(JSON.parse(value), child, lines);
  }

  /** Has it say this of whoever signs in from now on. */
  async says(who: object): Promise<void> {
    this.process.stdin.write(`${JSON.stringify({ who })}\n`);
    await this.lines.next();
  }

  stop(): void {
    this.process.kill();
  }
}
