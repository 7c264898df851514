import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { badUserInput, errorCodes, isErrorCode, RequestError } from '../errors/request-error.ts';
import { createLogger } from '../logging/logger.ts';
import { maxBodyBytes, readBody } from './body.ts';
import { HttpServer } from './http-server.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

const running: HttpServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.drain(100))));

/** Asks on a connection that `agent` keeps alive. */
function ask(url: string, agent: Agent): Promise<{ status: number | undefined; connection: unknown }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { agent }, (response) => {
      response.resume();
      response.once('end', () =>
        resolve({ status: response.statusCode, connection: response.headers.connection }),
      );
    });
    request.on('error', reject);
    request.end();
  });
}

async function listen(graphql: Handler, ready = true): Promise<{ url: string; server: HttpServer }> {
  const server = new HttpServer({
    graphql,
    ready: () => Promise.resolve(ready),
    logger: createLogger('silent'),
  });
  running.push(server);
  return { url: `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`, server };
}

const echo: Handler = async (request, response, requestId) => {
  const { length } = await readBody(request, maxBodyBytes);
  response.end(`${requestId} ${length}`);
};

/** Sends `body` without a Content-Length and returns the status. */
function postChunked(url: string, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', reject);
    request.write(body.slice(0, 10));
    request.end(body.slice(10));
  });
}

describe('HttpServer', () => {
  it('tells health, readiness and unknown paths', async () => {
    const { url } = await listen(echo);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/healthz`, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
    const { url: unready } = await listen(echo, false);
    expect((await fetch(`${unready}/readyz`)).status).toBe(503);
  });

  it('sets the security headers on every answer', async () => {
    const { url } = await listen(() => Promise.reject(new Error('fault')));
    for (const path of ['/healthz', '/nowhere', '/graphql', '/']) {
      const { headers } = await fetch(`${url}${path}`, { redirect: 'manual' });
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
  });

  it('keeps a harmless request id and replaces any other', async () => {
    const { url } = await listen(echo);
    const given = await fetch(`${url}/graphql`, { headers: { 'x-request-id': 'abc-1' } });
    expect(given.headers.get('x-request-id')).toBe('abc-1');
    const made = await fetch(`${url}/graphql`, { headers: { 'x-request-id': 'two words"' } });
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('refuses a body over the limit, with and without Content-Length, and lives on', async () => {
    const { url } = await listen(echo);
    const body = 'x'.repeat(maxBodyBytes + 1);
    const announced = await fetch(`${url}/graphql`, { method: 'POST', body });
    expect(announced.status).toBe(413);
    expect(await announced.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(await postChunked(`${url}/graphql`, body)).toBe(413);
    expect((await fetch(`${url}/graphql`, { method: 'POST', body: 'small' })).status).toBe(200);
  });

  it('turns a thrown RequestError into its code and hides any other error', async () => {
    const { url } = await listen((request) =>
      Promise.reject(
        request.headers['x-fault'] === undefined ? badUserInput('say it better') : new Error('password=1'),
      ),
    );
    const mistake = await fetch(`${url}/graphql`);
    expect([mistake.status, await mistake.json()]).toEqual([
      400,
      { errors: [{ message: 'say it better', extensions: { code: 'BAD_USER_INPUT' } }] },
    ]);
    const fault = await fetch(`${url}/graphql`, { headers: { 'x-fault': '1' } });
    expect(fault.status).toBe(500);
    expect(await fault.text()).not.toContain('password');
  });

  it('answers each code by its status, and tells how to sign in', async () => {
    const { url } = await listen((request) => {
      const code = request.headers['x-code'];
      return Promise.reject(isErrorCode(code) ? new RequestError(code, 'no') : new Error('no code'));
    });
    const answers = await Promise.all(
      errorCodes.map((code) => fetch(`${url}/graphql`, { headers: { 'x-code': code } })),
    );
    const statuses = Object.fromEntries(errorCodes.map((code, index) => [code, answers[index]?.status]));
    expect(statuses).toMatchObject({
      BAD_USER_INPUT: 400,
      UNAUTHENTICATED: 401,
      FORBIDDEN: 403,
      DOCUMENT_NOT_FOUND: 404,
      RATE_LIMITED: 429,
      INTERNAL_SERVER_ERROR: 500,
      DEPENDENCY_UNAVAILABLE: 503,
      DEADLINE_EXCEEDED: 504,
    });
    for (const [index, answer] of answers.entries()) {
      const refused = errorCodes[index] === 'UNAUTHENTICATED';
      expect(answer.headers.get('www-authenticate')).toBe(refused ? 'Bearer' : null);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('answers who has connected before it drains, accepted or not', async () => {
    const { url, server } = await listen(async (_request, response) => {
      response.end('in time');
      return Promise.resolve();
    });
    const { hostname, port } = new URL(url);
    const clients = Array.from({ length: 20 }, async () => {
      const socket = connect(Number(port), hostname);
      socket.end('GET /graphql HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
      return text(socket);
    });
    await server.drain(5_000);
    for (const answer of await Promise.all(clients)) expect(answer).toMatch(/^HTTP\/1.1 200 .*in time/s);
  });

  it('answers what is in flight when it drains, and nothing new', async () => {
    const arrived = Promise.withResolvers<void>();
    const { url, server } = await listen(async (_request, response) => {
      arrived.resolve();
      await sleep(100);
      response.end('late');
    });
    const inFlight = fetch(`${url}/graphql`);
    await arrived.promise;
    const drained = server.drain(5_000);
    expect(await (await inFlight).text()).toBe('late');
    await drained;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
  });

  it('lets a kept-alive connection ask once more while it drains, and closes it with the answer', async () => {
    const { url, server } = await listen(echo);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await ask(`${url}/readyz`, agent)).toEqual({ status: 200, connection: 'keep-alive' });
    await server.stopAccepting();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
    expect(await ask(`${url}/readyz`, agent)).toEqual({ status: 503, connection: 'keep-alive' });
    const drained = server.drain(5_000);
    // What drains takes a turn of the event loop.
    await sleep(1);
    expect(await ask(`${url}/healthz`, agent)).toEqual({ status: 200, connection: 'close' });
    await drained;
    agent.destroy();
  });

  it('closes the connection of an answer that was in flight when the drain began', async () => {
    const arrived = Promise.withResolvers<void>();
    const { url, server } = await listen(async (_request, response) => {
      arrived.resolve();
      await sleep(50);
      response.end('late');
    });
    const agent = new Agent({ keepAlive: true });
    const inFlight = ask(`${url}/graphql`, agent);
    await arrived.promise;
    const drained = server.drain(5_000);
    expect(await inFlight).toEqual({ status: 200, connection: 'close' });
    await drained;
    agent.destroy();
  });
});
