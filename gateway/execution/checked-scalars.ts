import { GraphQLError, isScalarType, Kind, print, type GraphQLSchema } from 'graphql';
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
  const float = schema.getType('Float');
  if (isScalarType(float)) {
    // A literal such as 1e999 is infinite, which GraphQL.js takes (against GraphQL, section 3.5.2) and the planner fails at.
    float.parseLiteral = (node) => {
      if (node.kind === Kind.FLOAT || node.kind === Kind.INT) return float.parseValue(Number(node.value));
      throw new GraphQLError(`Float cannot represent non numeric value: ${print(node)}`, { nodes: node });
    };
  }
  return schema;
}
