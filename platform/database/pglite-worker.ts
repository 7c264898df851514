import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { z } from 'zod';
import { PgliteServer } from './pglite-server.ts';

// Runs in a worker thread: a heavy query in process would stall the event loop for a second.
const { folder, socketFolder } = z.object({ folder: z.string(), socketFolder: z.string() }).parse(workerData);

mkdirSync(socketFolder, { recursive: true });
chmodSync(socketFolder, 0o700);
const path = join(socketFolder, '.s.PGSQL.5432');
rmSync(path, { force: true });

const db = await PGlite.create({ dataDir: folder, relaxedDurability: false });
const server = new PgliteServer(db);
await server.listen(path);

parentPort?.once('message', () => {
  void (async () => {
    await server.close();
    await db.close();
    rmSync(path, { force: true });
    parentPort?.postMessage('closed');
  })();
});
parentPort?.postMessage('ready');
