import { getNamedType, isLeafType, isObjectType, isRequiredArgument, type GraphQLNamedType } from 'graphql';

/**
 * The selection of every field below `type` that needs no argument, empty for a leaf; where a type comes back below itself,
 * its leaves. A field that is added to the schema is part of it by itself.
 */
export function selectAll(type: GraphQLNamedType, above: readonly GraphQLNamedType[] = []): string {
  if (!isObjectType(type)) return '';
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const target = getNamedType(field.type);
    if (field.args.some((argument) => isRequiredArgument(argument))) return [];
    if (isLeafType(target)) return [field.name];
    return above.includes(type) ? [] : [`${field.name} ${selectAll(target, [...above, type])}`];
  });
  return `{ ${['__typename', ...fields].join(' ')} }`;
}
