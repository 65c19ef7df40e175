// Cuts GraphQL into its tokens. It never fails: what is being typed is rarely correct.

export type TokenKind = 'name' | 'variable' | 'string' | 'number' | 'comment' | 'punctuation';

export interface Token {
  kind: TokenKind;
  text: string;
  start: number;
  end: number;
}

const TOKEN =
  /(?<comment>#[^\n]*)|(?<string>"""[\s\S]*?(?:"""|$)|"(?:\\.|[^"\\\n])*"?)|(?<variable>\$[_A-Za-z]?\w*)|(?<name>[_A-Za-z]\w*)|(?<number>-?\d[\d.eE+-]*)|(?<punctuation>\.\.\.|[!():=@[\]{|}&])/g;

export function graphqlTokens(text: string): Token[] {
  return [...text.matchAll(TOKEN)].flatMap(({ 0: found, index, groups = {} }) => {
    const kind = Object.keys(groups).find((name) => groups[name] !== undefined);
    return kind
      ? [{ kind: kind as TokenKind, text: found, start: index, end: index + found.length }]
      : [];
  });
}
