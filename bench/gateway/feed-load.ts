import { KeepAliveClient } from './keep-alive-client.ts';
import { feedPage } from './marketplace.ts';
import { tokenFor } from './production.ts';

/** So few that their feeds, which last for five minutes, are hardly ever made anew. */
const users = 20;

/** Requests on one connection, so that a worker that is new gets its part of them. */
const requestsOfConnection = 50;

const body = JSON.stringify({ documentId: `sha256:${feedPage.id}` });

/** Users who read their persisted feeds all the time, one request at a time on each connection. */
export class FeedLoad {
  /** Why requests got no feed. */
  readonly failures: string[] = [];
  #inFlight = 0;
  #isStopped = false;
  readonly #url: string;
  readonly #tokens: readonly string[];
  readonly #client: KeepAliveClient;
  readonly #readers: Promise<void>[];

  private constructor(url: string, connections: number, tokens: readonly string[]) {
    this.#url = url;
    this.#tokens = tokens;
    this.#client = new KeepAliveClient(url, connections);
    this.#readers = Array.from({ length: connections }, (_, reader) => this.#read(reader));
  }

  /** `url` is the server's address, without a path. */
  static async start(url: string, connections: number): Promise<FeedLoad> {
    const tokens = await Promise.all(
      Array.from({ length: users }, (_, index) => tokenFor(`user-${index + 1}`)),
    );
    return new FeedLoad(url, connections, tokens);
  }

  /** Requests that wait for an answer. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Reads one more feed on a connection of its own. */
  async readOnNewConnection(): Promise<void> {
    const client = new KeepAliveClient(this.#url, 1);
    await this.#ask(client, 0, {});
    client.close();
  }

  /** Returns when the last request is answered. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#readers);
    this.#client.close();
  }

  async #read(reader: number): Promise<void> {
    for (let turn = reader; !this.#isStopped; turn++) {
      await this.#ask(this.#client, turn, turn % requestsOfConnection === 0 ? { connection: 'close' } : {});
    }
  }

  async #ask(
    client: KeepAliveClient,
    turn: number,
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    const authorization = `Bearer ${this.#tokens[turn % users]}`;
    this.#inFlight++;
    try {
      const { status, text } = await client.post({ headers: { authorization, ...headers }, body });
      const good =
        status === 200 && text.startsWith('{"data":{"feed":{"edges":[{') && !text.includes('"errors"');
      if (!good) this.failures.push(`${status} ${text.slice(0, 300)}`);
    } catch (error) {
      this.failures.push(error instanceof Error ? error.message : String(error));
    } finally {
      this.#inFlight--;
    }
  }
}
