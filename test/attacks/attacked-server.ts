import { rmSync } from 'node:fs';
import { prepareGateway } from '../../gateway/prepare-gateway.ts';
import { readConfig } from '../../platform/config/config.ts';
import { openPlatform } from '../../platform/open-platform.ts';
import { copyPgliteFolder } from '../support/databases.ts';

export interface AttackedServer {
  /** Where it answers, without a path. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts everything in one process on an embedded database, as `bouquet start` does, with `environment`. */
export async function startAttacked(environment: NodeJS.ProcessEnv): Promise<AttackedServer> {
  const folder = copyPgliteFolder();
  const config = readConfig({ PORT: '0', LOG_LEVEL: 'error', DATA_DIR: folder, ...environment });
  const platform = await openPlatform({ config });
  const server = await (await prepareGateway(platform)).run(0);
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await platform.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Reply {
  readonly status: number;
  /** The first error's, or null. */
  readonly code: string | null;
  readonly text: string;
}

/** Sends `init` to `/graphql` and reads the answer, whatever its type. */
export async function askAttacked(url: string, init: RequestInit, search = ''): Promise<Reply> {
  const response = await fetch(`${url}/graphql${search}`, init);
  const text = await response.text();
  return { status: response.status, code: /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? null, text };
}

/** A POST of JSON, as a user who may do everything in development. */
export function post(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-user-id': 'mallory', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
