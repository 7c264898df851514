import type { Database } from '#platform/database/database.ts';

/**
 * Has the planner look at how large the feed's tables are now. PostgreSQL does it by itself after a while; right
 * after an import, and on PGlite, which has no autovacuum, nobody else does, and a feed takes twice as long.
 */
export async function refreshStatistics(database: Database): Promise<void> {
  await database.prisma.$executeRaw`ANALYZE feed.content`;
  await database.prisma.$executeRaw`ANALYZE feed.popularity`;
  await database.prisma.$executeRaw`ANALYZE feed.interaction`;
}
