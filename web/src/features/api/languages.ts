// The colours of GraphQL and of JSON, for the editor. Both are read line by line: enough to colour
// by, and nothing that could fail on what is half written.
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';

interface GraphqlState {
  /** Inside of a text that goes over several lines. */
  block: boolean;
}

const graphqlLanguage = StreamLanguage.define<GraphqlState>({
  name: 'graphql',
  startState: () => ({ block: false }),
  languageData: { commentTokens: { line: '#' }, closeBrackets: { brackets: ['(', '[', '{', '"'] } },
  token(stream, state) {
    if (state.block || stream.match('"""')) {
      state.block = !stream.match(/^.*?"""/);
      if (state.block) stream.skipToEnd();
      return 'string';
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^#.*/)) return 'comment';
    if (stream.match(/^"(?:\\.|[^"\\])*"?/)) return 'string';
    if (stream.match(/^\$\w*/)) return 'variableName';
    if (stream.match(/^@\w+/)) return 'meta';
    if (stream.match(/^-?\d[\d.eE+-]*/)) return 'number';
    if (stream.match(/^[_a-z]\w*(?=\s*:)/)) return 'labelName';
    if (stream.match(/^(?:query|mutation|subscription|fragment|on)\b/)) return 'keyword';
    if (stream.match(/^(?:true|false|null)\b/)) return 'bool';
    if (stream.match(/^[A-Z]\w*/)) return 'typeName';
    if (stream.match(/^[_a-z]\w*/)) return 'propertyName';
    stream.next();
    return 'punctuation';
  },
});

const jsonLanguage = StreamLanguage.define({
  name: 'json',
  languageData: { closeBrackets: { brackets: ['[', '{', '"'] } },
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^"(?:\\.|[^"\\])*"(?=\s*:)/)) return 'propertyName';
    if (stream.match(/^"(?:\\.|[^"\\])*"?/)) return 'string';
    if (stream.match(/^-?\d[\d.eE+-]*/)) return 'number';
    if (stream.match(/^(?:true|false|null)\b/)) return 'bool';
    stream.next();
    return 'punctuation';
  },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--tl-voicemail)', fontWeight: '600' },
  { tag: [tags.propertyName], color: 'var(--tl-ongoing-text)' },
  { tag: [tags.labelName, tags.variableName], color: 'var(--tl-abandoned-text)' },
  { tag: [tags.typeName, tags.number, tags.bool], color: 'var(--tl-voicemail)' },
  { tag: tags.string, color: 'var(--tl-answered-text)' },
  { tag: [tags.comment, tags.punctuation, tags.meta], color: 'var(--mantine-color-dimmed)' },
]);

const coloured = syntaxHighlighting(colours);

export const LANGUAGES = {
  graphql: [graphqlLanguage, coloured],
  json: [jsonLanguage, coloured],
};
