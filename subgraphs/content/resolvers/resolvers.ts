import { dateTimeScalar } from '#platform/graphql/date-time.ts';
import { Category } from './category.ts';
import { ContentConnection } from './content-connection.ts';
import { Content } from './content.ts';
import { Mutation } from './mutation.ts';
import { Query } from './query.ts';
import { Region } from './region.ts';
import { Vendor } from './vendor.ts';

/** Every type's resolvers; a field without one is its parent's property of the same name. */
export const resolvers = {
  Category,
  Content,
  ContentConnection,
  DateTime: dateTimeScalar,
  Mutation,
  Query,
  Region,
  Vendor,
};
