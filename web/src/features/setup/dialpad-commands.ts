// Ready commands for the two steps in Dialpad's API. The key stays in the admin's own terminal.
const API = 'https://dialpad.com/api/v2';

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function post(path: string, body: string): string {
  return [
    `curl --request POST ${API}${path} \\`,
    '  --header "Authorization: Bearer $DIALPAD_API_KEY" \\',
    "  --header 'Content-Type: application/json' \\",
    `  --data ${body}`,
  ].join('\n');
}

export function createWebhookCommand(requestUrl: string, secret: string): string {
  return post('/webhooks', shellQuote(JSON.stringify({ hook_url: requestUrl, secret })));
}

/** The id is the one the first command answers with, so it is left for the shell to fill in. */
export function createSubscriptionCommand(): string {
  return post(
    '/subscriptions/call',
    `'{"endpoint_id":'"$WEBHOOK_ID"',"call_states":["all"],"enabled":true}'`,
  );
}
