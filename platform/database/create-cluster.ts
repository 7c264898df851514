import { PGlite } from '@electric-sql/pglite';

// Run as a process of its own, with the folder as its argument: see `createCluster` in pglite.ts.
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: create-cluster.ts FOLDER');
const db = await PGlite.create({ dataDir: folder, relaxedDurability: false });
await db.close();
