// The operations of a document, as far as the page has to know them: which there are to run, and
// whether running one changes something.
import { graphqlTokens } from './lexer';

export interface Operation {
  kind: 'query' | 'mutation' | 'subscription';
  /** Without one it is the only operation of its document. */
  name: string | null;
  start: number;
}

const KINDS: ReadonlySet<string> = new Set(['query', 'mutation', 'subscription']);

export function operationsOf(text: string): Operation[] {
  const tokens = graphqlTokens(text).filter(({ kind }) => kind !== 'comment');
  const found: Operation[] = [];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    if (token.text === '{' && depth === 0 && (!before || before.text === '}')) {
      found.push({ kind: 'query', name: null, start: token.start });
    }
    if (depth === 0 && token.kind === 'name' && KINDS.has(token.text) && begins(before?.text)) {
      const next = tokens[index + 1];
      found.push({
        kind: token.text as Operation['kind'],
        name: next?.kind === 'name' ? next.text : null,
        start: token.start,
      });
    }
    if ('{(['.includes(token.text)) depth += 1;
    if ('})]'.includes(token.text)) depth = Math.max(0, depth - 1);
  }
  return found;
}

/** A definition stands first or after the end of another one; elsewhere the word is a name. */
function begins(before: string | undefined): boolean {
  return before === undefined || before === '}';
}

/** The operation in which the cursor stands: the last one that begins before it. */
export function operationAt(operations: Operation[], position: number): Operation | null {
  return operations.findLast(({ start }) => start <= position) ?? operations[0] ?? null;
}
