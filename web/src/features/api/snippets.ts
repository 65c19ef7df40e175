// The same request from a program. The key comes from the environment, so that none ever stands in
// a script or in the history of a shell.
import type { Draft } from './shared-link';

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A literal of Python: JSON has the same escapes. */
function pythonString(text: string): string {
  return JSON.stringify(text);
}

function requestBody({ query, variables }: Draft): string {
  const values = variables.trim() === '' ? '{}' : variables;
  return `{"query":${JSON.stringify(query)},"variables":${values.trim()}}`;
}

export function curlCommand(draft: Draft, origin: string): string {
  return [
    `curl ${origin}/graphql \\`,
    '  --header "Authorization: Bearer $TRUNKLINE_API_KEY" \\',
    "  --header 'Content-Type: application/json' \\",
    `  --data ${shellQuote(requestBody(draft))}`,
  ].join('\n');
}

export function pythonProgram(draft: Draft, origin: string): string {
  return `import json
import os
import urllib.request

query = """
${draft.query.trim().replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"')}
"""
variables = json.loads(${pythonString(draft.variables.trim() === '' ? '{}' : draft.variables)})

request = urllib.request.Request(
    ${pythonString(`${origin}/graphql`)},
    data=json.dumps({"query": query, "variables": variables}).encode(),
    headers={
        "Authorization": f"Bearer {os.environ['TRUNKLINE_API_KEY']}",
        "Content-Type": "application/json",
    },
)
with urllib.request.urlopen(request) as response:
    print(json.dumps(json.load(response), indent=2))
`;
}
