import { Agent, request } from 'node:http';

export interface PostedRequest {
  /** Absent: `/graphql`. */
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PostedAnswer {
  readonly status: number;
  readonly text: string;
}

/** A client that keeps its connections; `node:http` because `fetch` takes twice the processor time. */
export class KeepAliveClient {
  readonly #url: string;
  readonly #connections: number;
  readonly #agent: Agent;

  /** `url` is the server's address, without a path. */
  constructor(url: string, connections: number) {
    this.#url = url;
    this.#connections = connections;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Sends `requests`, one at a time on each connection, and hands each answer to `check`. */
  async sendAll(requests: readonly PostedRequest[], check: (answer: PostedAnswer) => void): Promise<void> {
    const waiting = requests.values();
    const connection = async (): Promise<void> => {
      // One iterator for all connections, so that each takes what is next.
      for (const posted of waiting) check(await this.post(posted));
    };
    await Promise.all(Array.from({ length: this.#connections }, connection));
  }

  post({ path = '/graphql', headers, body }: PostedRequest): Promise<PostedAnswer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.#url}${path}`,
        {
          method: 'POST',
          agent: this.#agent,
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
          );
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
