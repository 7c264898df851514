import { isScalarType, type GraphQLSchema } from 'graphql';
import { dateTimeScalar } from '#platform/graphql/date-time.ts';

/**
 * Has `schema`, which knows scalars by name alone, refuse what the subgraphs' scalars refuse, so that a bad value is
 * the client's mistake before anything is fetched. Good values go on as they came; returns `schema`.
 */
export function withCheckedScalars(schema: GraphQLSchema): GraphQLSchema {
  const dateTime = schema.getType('DateTime');
  if (isScalarType(dateTime)) {
    dateTime.parseValue = (value) => {
      dateTimeScalar.parseValue(value);
      return value;
    };
    dateTime.parseLiteral = (node, variables) => dateTimeScalar.parseLiteral(node, variables);
  }
  return schema;
}
