// Finding one's way in the schema: which types and which of their fields a word is about.
import * as words from '~/words/api';
import { SCHEMA, type SchemaType } from './schema-model';

export interface FoundType {
  type: SchemaType;
  /** The members that the word is about; `null` when it is about the type as a whole. */
  members: ReadonlySet<string> | null;
}

const ORDER: SchemaType['kind'][] = ['object', 'interface', 'input', 'enum', 'scalar'];

export const KIND_WORDS: Record<SchemaType['kind'], string> = {
  object: words.types,
  interface: words.interfaces,
  input: words.inputs,
  enum: words.enums,
  scalar: words.scalars,
};

/** Where one begins comes first, then kind by kind. */
const SORTED = [...SCHEMA.types].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));

function rank({ name, kind }: SchemaType): number {
  const roots = [SCHEMA.query, SCHEMA.mutation, SCHEMA.subscription];
  const root = roots.indexOf(name);
  return root >= 0 ? root : roots.length + ORDER.indexOf(kind);
}

export function findTypes(wanted: string): FoundType[] {
  const word = wanted.trim().toLowerCase();
  if (word === '') return SORTED.map((type) => ({ type, members: null }));
  const found = SORTED.flatMap((type): FoundType[] => {
    if (type.name.toLowerCase().includes(word)) return [{ type, members: null }];
    const members = [...(type.fields ?? []), ...(type.values ?? [])].filter(
      ({ name, about }) => name.toLowerCase().includes(word) || about.toLowerCase().includes(word),
    );
    if (members.length > 0) return [{ type, members: new Set(members.map(({ name }) => name)) }];
    return type.about.toLowerCase().includes(word) ? [{ type, members: null }] : [];
  });
  // Who writes a name means the thing that has it.
  return found.sort((a, b) => closeness(b, word) - closeness(a, word));
}

function closeness({ type, members }: FoundType, word: string): number {
  const name = type.name.toLowerCase();
  if (name === word) return 4;
  if (members?.has(word)) return 3;
  if (name.startsWith(word)) return 2;
  return members === null ? 1 : 0;
}
