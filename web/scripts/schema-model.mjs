// The schema as the API page needs it for its reference and for completion: plain data, sorted by
// name, without what every GraphQL server has.
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';

export function schemaModel(schema) {
  const types = Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((type) => ({
      name: type.name,
      kind: kindOf(type),
      // What everybody knows needs no words.
      about: isSpecifiedScalarType(type) ? '' : (type.description ?? ''),
      ...members(type),
    }));
  return {
    query: schema.getQueryType()?.name ?? null,
    mutation: schema.getMutationType()?.name ?? null,
    subscription: schema.getSubscriptionType()?.name ?? null,
    types,
  };
}

function kindOf(type) {
  if (isObjectType(type)) return 'object';
  if (isInterfaceType(type)) return 'interface';
  if (isInputObjectType(type)) return 'input';
  return isEnumType(type) ? 'enum' : 'scalar';
}

const described = ({ name, description, type }) => ({
  name,
  type: String(type),
  about: description ?? '',
});

function members(type) {
  if (isEnumType(type)) {
    const values = type.getValues();
    return { values: values.map(({ name, description }) => ({ name, about: description ?? '' })) };
  }
  if (!('getFields' in type)) return {};
  const fields = Object.values(type.getFields());
  return {
    fields: fields.map((field) =>
      field.args?.length > 0
        ? { ...described(field), args: field.args.map(described) }
        : described(field),
    ),
  };
}
