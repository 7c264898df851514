import { once } from 'node:events';
import { join, resolve } from 'node:path';
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
  const worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), {
    workerData: { folder: join(resolve(dataDir), 'postgres'), socketFolder: lock.socketFolder },
  });
  try {
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
