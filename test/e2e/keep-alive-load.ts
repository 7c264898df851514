import { Agent, request } from 'node:http';

/** What came of the requests of a load. */
export interface LoadOutcome {
  answered: number;
  /** Requests that were sent, or could have been, and got no good answer; with the reason. */
  readonly failures: string[];
}

const body = JSON.stringify({ query: '{ feed(first: 5) { edges { node { content { id title } } } } }' });

/**
 * Clients that each keep one connection and ask for a feed after the other, until `stop` or until the server refuses a new
 * connection: that is how a client learns that nothing was sent and that it may go elsewhere.
 */
export class KeepAliveLoad {
  readonly outcome: LoadOutcome = { answered: 0, failures: [] };
  readonly #url: string;
  readonly #refusalEnds: boolean;
  readonly #clients: Promise<void>[];
  #isStopped = false;

  constructor(url: string, { clients, refusalEnds }: { clients: number; refusalEnds: boolean }) {
    this.#url = url;
    this.#refusalEnds = refusalEnds;
    this.#clients = Array.from({ length: clients }, (_, index) => this.#run(index));
  }

  /** Returns when every client has ended because it was refused. */
  async untilRefused(): Promise<LoadOutcome> {
    await Promise.all(this.#clients);
    return this.outcome;
  }

  /** Ends every client after the answer that it waits for. */
  stop(): Promise<LoadOutcome> {
    this.#isStopped = true;
    return this.untilRefused();
  }

  async #run(index: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!this.#isStopped) {
      try {
        const answer = await this.#ask(agent, `user-${index}`);
        if (answer === null) this.outcome.answered++;
        else this.outcome.failures.push(answer);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
        if (code === 'ECONNREFUSED' && this.#refusalEnds) break;
        this.outcome.failures.push(code);
      }
    }
    agent.destroy();
  }

  /** Returns null for a good answer, else what is wrong with it. */
  #ask(agent: Agent, user: string): Promise<string | null> {
    return new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-user-id': user,
      };
      const asked = request(`${this.#url}/graphql`, { method: 'POST', agent, headers }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.once('error', reject);
        response.once('end', () => {
          const good = response.statusCode === 200 && text.includes('"title"') && !text.includes('"errors"');
          resolve(good ? null : `${response.statusCode} ${text.slice(0, 300)}`);
        });
      });
      asked.once('error', reject);
      asked.end(body);
    });
  }
}
