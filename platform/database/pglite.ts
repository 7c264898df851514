import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { FolderLockedError, lockFolder } from './folder-lock.ts';

export interface EmbeddedPostgres {
  /** The folder of the unix socket, as `pg` takes it for `host`. */
  readonly socketFolder: string;
  /** Whether this process runs the database, or reaches it through the socket of the one that does. */
  readonly owner: boolean;
  /** Stops the database, when this process runs it, and frees the folder. */
  close(): Promise<void>;
}

/**
 * Starts PGlite on `dataDir` in a worker thread behind a unix socket. Where a living process holds the folder
 * and `share` is set, its socket is used instead.
 * @throws FolderLockedError when the folder is held and `share` is not set.
 */
export async function startPglite(dataDir: string, { share }: { share: boolean }): Promise<EmbeddedPostgres> {
  let lock;
  try {
    lock = lockFolder(dataDir);
  } catch (error) {
    if (share && error instanceof FolderLockedError) {
      return { socketFolder: error.socketFolder, owner: false, close: () => Promise.resolve() };
    }
    throw error;
  }
  let worker: Worker;
  try {
    const folder = join(resolve(dataDir), 'postgres');
    if (!existsSync(folder)) await createCluster(folder);
    worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), {
      workerData: { folder, socketFolder: lock.socketFolder },
    });
    await once(worker, 'message');
  } catch (error) {
    lock.release();
    throw error;
  }
  return {
    socketFolder: lock.socketFolder,
    owner: true,
    close: async () => {
      const closed = once(worker, 'message');
      worker.postMessage('close');
      await closed;
      await worker.terminate();
      lock.release();
    },
  };
}

/**
 * Makes an empty cluster in `folder`, all of it or nothing. In a process of its own, because making one takes up to
 * 1 GB that the rest of this process's life has no use for; without V8's optimising compiler that is 640 MB, and faster.
 */
async function createCluster(folder: string): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const script = join(import.meta.dirname, 'create-cluster.ts');
  await promisify(execFile)(process.execPath, ['--liftoff-only', script, unfinished]);
  renameSync(unfinished, folder);
}
