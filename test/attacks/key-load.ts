import { Agent, request } from 'node:http';

export interface KeyAnswer {
  /** The connection's number; each stays with one process while it is open. */
  readonly connection: number;
  /** Milliseconds since 1970, as `answeredAt`. */
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly status: number;
}

/** Connections to each server, which its workers share out in turn. */
const connectionsOfServer = 4;

/** Asks all of `urls` all the time with an API key, on some connections each, until it is told to end. */
export class KeyLoad {
  readonly #answers: KeyAnswer[] = [];
  readonly #clients: Promise<void>[];
  #isStopped = false;

  constructor(urls: readonly string[], key: string) {
    this.#clients = urls
      .flatMap((url) => Array.from({ length: connectionsOfServer }, () => url))
      .map((url, connection) => this.#run(url, key, connection));
  }

  async end(): Promise<KeyAnswer[]> {
    this.#isStopped = true;
    await Promise.all(this.#clients);
    return this.#answers;
  }

  async #run(url: string, key: string, connection: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!this.#isStopped) {
      const sentAt = Date.now();
      const status = await ask(agent, url, key);
      this.#answers.push({ connection, sentAt, answeredAt: Date.now(), status });
    }
    agent.destroy();
  }
}

/** How often each connection was given each status. */
export function statusesOf(answers: readonly KeyAnswer[]): Record<string, number>[] {
  return [...Map.groupBy(answers, ({ connection }) => connection).values()].map((ones) =>
    Object.fromEntries(
      [...Map.groupBy(ones, ({ status }) => status)].map(([status, each]) => [String(status), each.length]),
    ),
  );
}

/** What `statusesOf` returns where every connection to `servers` servers was given `status` and nothing else. */
export function onlyStatus(status: number, servers: number, anyCount: unknown): Record<string, unknown>[] {
  return Array.from({ length: servers * connectionsOfServer }, () => ({ [status]: anyCount }));
}

function ask(agent: Agent, url: string, key: string): Promise<number> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/graphql`, { method: 'POST', agent, headers }, (response) => {
      response.once('error', reject);
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.resume();
    });
    asked.once('error', reject);
    asked.end('{"query":"{ __typename }"}');
  });
}
