import type { UserExportResolvers } from '../generated/resolvers.ts';
import { exportActivity } from '../privacy/export-activity.ts';

export const userExportResolvers: UserExportResolvers = {
  __resolveReference: ({ userId }) => ({ userId }),
  activityJson: ({ userId }, _args, { database }) => exportActivity(database, userId),
};
