import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
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

// Compiling PostgreSQL's largest functions side by side takes 50 MB more and starts no sooner.
setFlagsFromString('--wasm-num-compilation-tasks=1');
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
