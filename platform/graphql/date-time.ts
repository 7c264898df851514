import { GraphQLDateTimeISO } from 'graphql-scalars';

/** The `DateTime` scalar: ISO 8601 with an offset in, `Date` inside, ISO 8601 UTC out. */
export const dateTimeScalar = GraphQLDateTimeISO;
