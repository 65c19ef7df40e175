// The schema as plain data, made from `schema.graphql` by `npm run codegen`.
import model from '~/gql/schema-model.json';

export interface Argument {
  name: string;
  /** As GraphQL writes it: `[Call!]!`. */
  type: string;
  about: string;
}

export interface Field extends Argument {
  args?: Argument[];
}

export interface SchemaType {
  name: string;
  kind: 'object' | 'interface' | 'input' | 'enum' | 'scalar';
  about: string;
  fields?: Field[];
  values?: { name: string; about: string }[];
}

export interface SchemaModel {
  query: string | null;
  mutation: string | null;
  subscription: string | null;
  types: SchemaType[];
}

export const SCHEMA = model as SchemaModel;

const byName = new Map(SCHEMA.types.map((type) => [type.name, type]));

/** The type itself, whatever lists and exclamation marks stand around its name. */
export function namedType(written: string): string {
  return written.replaceAll(/[[\]!]/g, '');
}

export function typeNamed(written: string | undefined): SchemaType | null {
  return (written !== undefined && byName.get(namedType(written))) || null;
}

export function fieldOf(type: SchemaType | null, name: string): Field | null {
  return type?.fields?.find((field) => field.name === name) ?? null;
}
