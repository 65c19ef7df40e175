// What can be written where the cursor stands, from the schema: fields, arguments, values, types.
import * as words from '~/words/api';
import { graphqlTokens, type Token } from './lexer';
import { type Argument, fieldOf, SCHEMA, type SchemaType, typeNamed } from './schema-model';

export interface Suggestion {
  name: string;
  /** Its type, or what kind of thing it is. */
  detail: string;
  about: string;
  kind: 'field' | 'argument' | 'value' | 'type' | 'keyword' | 'variable';
}

export interface Suggestions {
  /** Where the word begins that a suggestion replaces. */
  from: number;
  options: Suggestion[];
}

/** What the brackets that are open at the cursor hold. */
type Frame =
  | { holds: 'fields'; type: SchemaType | null; last: string | null }
  | { holds: 'arguments'; of: Argument[]; last: string | null; awaitsValue: boolean }
  | { holds: 'items'; type: string | undefined }
  | { holds: 'variables'; awaitsType: boolean };

export function suggest(text: string, position: number): Suggestions | null {
  const all = graphqlTokens(text);
  const inside = all.find(({ start, end }) => start < position && position <= end);
  if (
    inside &&
    ((inside.kind === 'string' && position < inside.end) || inside.kind === 'comment')
  ) {
    return null;
  }
  const word = inside?.kind === 'name' || inside?.kind === 'variable' ? inside : null;
  const tokens = all.filter(
    (token) => token.end <= (word?.start ?? position) && token.kind !== 'comment',
  );
  const options = word?.kind === 'variable' ? variables(all) : optionsAfter(tokens, all);
  return options.length === 0 ? null : { from: word?.start ?? position, options };
}

function optionsAfter(tokens: Token[], all: Token[]): Suggestion[] {
  const frames: Frame[] = [];
  let root = SCHEMA.query;
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    if (frames.length === 0 && token.kind === 'name') root = rootAfter(token, before, root);
    read(frames, token, before, root);
  }
  const last = tokens.at(-1);
  const frame = frames.at(-1);
  if (last?.text === 'on') return composites();
  if (!frame) return last === undefined || last.text === '}' ? KEYWORDS : [];
  return inFrame(frame, last, all);
}

/** The type that the next `{` at the top opens. */
function rootAfter(token: Token, before: Token | undefined, root: string | null): string | null {
  if (before?.text === 'on') return token.text;
  if (before !== undefined && before.text !== '}') return root;
  if (token.text === 'mutation') return SCHEMA.mutation;
  if (token.text === 'subscription') return SCHEMA.subscription;
  return SCHEMA.query;
}

function read(frames: Frame[], token: Token, before: Token | undefined, root: string | null) {
  const frame = frames.at(-1);
  switch (token.text) {
    case '{':
      frames.push(opened(frame, before, root));
      return;
    case '(':
      frames.push(
        frame?.holds === 'fields'
          ? { holds: 'arguments', of: argumentsOf(frame), last: null, awaitsValue: false }
          : { holds: 'variables', awaitsType: false },
      );
      return;
    case '[':
      frames.push({ holds: 'items', type: frame ? valueType(frame) : undefined });
      return;
    case '}':
    case ')':
    case ']':
      frames.pop();
      settle(frames.at(-1));
      return;
    case ':':
      if (frame?.holds === 'arguments') frame.awaitsValue = true;
      if (frame?.holds === 'variables') frame.awaitsType = true;
      return;
    default:
      if (token.kind !== 'punctuation' && frame) readWord(frame, token, before);
  }
}

function readWord(frame: Frame, token: Token, before: Token | undefined) {
  if (frame.holds === 'fields' && token.kind === 'name' && before?.text !== '@') {
    frame.last = before?.text === 'on' ? `on ${token.text}` : token.text;
  } else if (frame.holds === 'arguments') {
    if (frame.awaitsValue) frame.awaitsValue = false;
    else frame.last = token.text;
  } else if (frame.holds === 'variables') frame.awaitsType = false;
}

/** A value in brackets of its own is complete. */
function settle(frame: Frame | undefined) {
  if (frame?.holds === 'arguments') frame.awaitsValue = false;
}

function opened(frame: Frame | undefined, before: Token | undefined, root: string | null): Frame {
  if (!frame) return { holds: 'fields', type: typeNamed(root ?? undefined), last: null };
  if (frame.holds === 'fields') {
    if (before?.text === '...') return { holds: 'fields', type: frame.type, last: null };
    const narrowed = frame.last?.startsWith('on ') ? frame.last.slice(3) : null;
    const type = narrowed ?? fieldOf(frame.type, frame.last ?? '')?.type;
    return { holds: 'fields', type: typeNamed(type), last: null };
  }
  const input = typeNamed(valueType(frame));
  return { holds: 'arguments', of: input?.fields ?? [], last: null, awaitsValue: false };
}

function argumentsOf(frame: Extract<Frame, { holds: 'fields' }>): Argument[] {
  return fieldOf(frame.type, frame.last ?? '')?.args ?? [];
}

function valueType(frame: Frame): string | undefined {
  if (frame.holds === 'items') return frame.type;
  if (frame.holds !== 'arguments') return undefined;
  return frame.of.find(({ name }) => name === frame.last)?.type;
}

function inFrame(frame: Frame, last: Token | undefined, all: Token[]): Suggestion[] {
  if (frame.holds === 'fields') {
    if (last?.text === '...') return [keyword('on', words.onlyForThisType), ...fragments(all)];
    return fields(frame.type);
  }
  if (frame.holds === 'variables') return frame.awaitsType ? inputs() : [];
  if (frame.holds === 'arguments' && !frame.awaitsValue) {
    return frame.of.map((each) => described(each, 'argument'));
  }
  return [...values(valueType(frame)), ...variables(all)];
}

const described = ({ name, type, about }: Argument, kind: Suggestion['kind']): Suggestion => ({
  name,
  detail: type,
  about,
  kind,
});

const keyword = (name: string, about: string): Suggestion => ({
  name,
  detail: '',
  about,
  kind: 'keyword',
});

const KEYWORDS = [
  keyword('query', words.reads),
  keyword('mutation', words.changesSomething),
  keyword('fragment', words.fragmentInfo),
];

const TYPE_NAME: Argument = { name: '__typename', type: 'String!', about: words.typeName };

function fields(type: SchemaType | null): Suggestion[] {
  if (!type) return [];
  return [...(type.fields ?? []), TYPE_NAME].map((field) => described(field, 'field'));
}

function values(type: string | undefined): Suggestion[] {
  if (type !== undefined && /^Boolean!?$/.test(type)) {
    return ['true', 'false'].map((name) => ({ name, detail: 'Boolean', about: '', kind: 'value' }));
  }
  const found = typeNamed(type);
  return (found?.values ?? []).map(({ name, about }) => ({
    name,
    detail: found?.name ?? '',
    about,
    kind: 'value',
  }));
}

/** The variables that the document declares or uses. */
function variables(all: Token[]): Suggestion[] {
  const names = all.filter(({ kind, text }) => kind === 'variable' && text.length > 1);
  return [...new Set(names.map(({ text }) => text))].map((name) => ({
    name,
    detail: 'variable',
    about: '',
    kind: 'variable',
  }));
}

function fragments(all: Token[]): Suggestion[] {
  return all.flatMap(({ text }, index) => {
    const name = all[index + 1];
    return text === 'fragment' && name?.kind === 'name' ? [keyword(name.text, words.fragment)] : [];
  });
}

const ofKinds = (...kinds: SchemaType['kind'][]): Suggestion[] =>
  SCHEMA.types
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ name, kind, about }) => ({ name, detail: kind, about, kind: 'type' }));

const inputs = () => ofKinds('scalar', 'enum', 'input');
const composites = () => ofKinds('object', 'interface');
