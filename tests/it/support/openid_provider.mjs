// An OpenID provider for one client, by oidc-provider. Says its address, then takes a line for each thing to change and
// answers each with one: who signs in, and what is said of them. Ends when its input does.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Provider } from 'oidc-provider';

const [clientId, clientSecret, callback] = process.argv.slice(1);
// What it remarks would stand among the answers.
console.info = console.log = console.error;
const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

let who = { sub: 'nobody' };
let tellsMoreOnlyWhenAsked = false;

const provider = new Provider(issuer, {
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [callback] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['a key for cookies of tests'] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  findAccount: (_ctx, sub) => ({
    accountId: sub,
    claims: (use) => (use === 'id_token' && tellsMoreOnlyWhenAsked ? { sub } : { ...who, sub }),
  }),
  async loadExistingGrant(ctx) {
    const { client, session } = ctx.oidc;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
});

server.on('request', async (request, response) => {
  if (!request.url.startsWith('/interaction/')) return provider.callback()(request, response);
  const result = who.refused ? { error: 'access_denied' } : { login: { accountId: who.sub } };
  return provider.interactionFinished(request, response, result);
});

say(issuer);
for await (const line of createInterface({ input: process.stdin })) {
  ({ who, tellsMoreOnlyWhenAsked = false } = JSON.parse(line));
  say(true);
}
process.exit();
