import { defineConfig } from 'prisma/config';

// Prisma's CLI wants to download a schema engine that nothing here uses: `generate`, `validate` and `format`
// work without it, and the migrations are applied by platform/database/migrate.ts. Pointing the variable at an
// executable that is no schema engine makes every other command fail loudly instead of reaching for the network.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
});
