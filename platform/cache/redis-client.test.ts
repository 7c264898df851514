import { createServer, type Server, type Socket } from 'node:net';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RedisConnection } from './redis-client.ts';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

/** A logger that keeps its lines. */
function recordingLogger() {
  const lines: string[] = [];
  return { lines, logger: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }) };
}

/** Something on a port that hangs up on everybody. */
async function listen(): Promise<{ server: Server; port: number; calls: () => number }> {
  let calls = 0;
  const server = createServer((socket: Socket) => {
    calls++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  open.push(server);
  return { server, port: typeof address === 'object' && address ? address.port : 0, calls: () => calls };
}

describe('RedisConnection', () => {
  it('connects only when somebody asks for the client', async () => {
    const { port, calls } = await listen();
    const connection = new RedisConnection(`redis://127.0.0.1:${port}`, recordingLogger().logger);
    open.push(connection);
    await new Promise(setImmediate);
    expect(calls()).toBe(0);
    expect(connection.client()).toBe(connection.client());
    await vi.waitFor(() => expect(calls()).toBeGreaterThan(0));
  });

  it('fails every command at once while Redis is away, tries again, and says so once without the password', async () => {
    const { port, calls } = await listen();
    const { lines, logger } = recordingLogger();
    const connection = new RedisConnection(`redis://me:secret-word@127.0.0.1:${port}`, logger);
    open.push(connection);
    const client = connection.client();
    await vi.waitFor(() => expect(calls()).toBeGreaterThan(2));
    expect(client.isReady).toBe(false);
    await expect(client.get('a')).rejects.toThrow(/offline|closed/i);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`127.0.0.1:${port}`);
    expect(lines.join('')).not.toMatch(/secret-word|me:/);
  });

  it('closes before it has connected', async () => {
    const { port, calls } = await listen();
    const connection = new RedisConnection(`redis://127.0.0.1:${port}`, recordingLogger().logger);
    connection.client();
    connection.close();
    connection.close();
    await new Promise(setImmediate);
    const callsThen = calls();
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(calls()).toBe(callsThen);
  });
});
