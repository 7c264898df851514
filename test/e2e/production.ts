import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT, type JWTPayload } from 'jose';
import { z } from 'zod';
import { subgraphNames } from '../../platform/config/config.ts';
import { copyPgliteFolder, createPostgresDatabase } from '../support/databases.ts';
import { runChild, startChild, type ChildServer } from './child-server.ts';
import { neverPrinted } from './printed-secrets.ts';

const randomKey = (): string => randomBytes(32).toString('base64');

/** Under what the identity provider of the suites signs. */
export const identity = { secret: randomKey(), issuer: 'https://id.example', audience: 'bouquet' };

const settings = {
  NODE_ENV: 'production',
  JWT_SECRET: neverPrinted(identity.secret),
  JWT_ISSUER: identity.issuer,
  JWT_AUDIENCE: identity.audience,
};

export interface IssuedKey {
  /** Public. */
  readonly id: string;
  readonly text: string;
}

/** A server as it stands on the internet, its processes children of this one. */
export interface Production {
  /** Where it answers, without a path. */
  readonly url: string;
  /** The gateway's first. */
  readonly servers: readonly ChildServer[];
  /** What every process, and the command line, is configured by. */
  readonly environment: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/** Everything in one process on an embedded marketplace, which `bouquet seed` has generated. */
export async function startAllInOne(given: NodeJS.ProcessEnv = {}): Promise<Production> {
  const folder = copyPgliteFolder();
  const environment = { ...settings, DATA_DIR: folder, ...given };
  await bouquet(environment, 'seed');
  const server = await startChild(environment, ['start']);
  return {
    url: server.url,
    servers: [server],
    environment,
    close: async () => {
      await end([server]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Four subgraphs and a gateway on one PostgreSQL, whose marketplace `bouquet seed` has generated. */
export async function startDistributed(given: NodeJS.ProcessEnv = {}): Promise<Production> {
  const database = await createPostgresDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'bq-production-'));
  const environment = {
    ...settings,
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: '5',
    DATA_DIR: folder,
    GATEWAY_SIGNING_KEY: neverPrinted(randomKey()),
    CURSOR_SIGNING_KEYS: neverPrinted(randomKey()),
    ...given,
  };
  await bouquet(environment, 'seed');
  const subgraphs = await Promise.all(
    subgraphNames.map((name) => startChild(environment, ['start', 'subgraph', name])),
  );
  const urls = subgraphNames.map((name, index) => [
    `SUBGRAPH_${name.toUpperCase()}_URL`,
    `${subgraphs[index]?.url}/graphql`,
  ]);
  const gateway = await startChild({ ...environment, ...Object.fromEntries(urls) }, ['start', 'gateway']);
  return {
    url: gateway.url,
    servers: [gateway, ...subgraphs],
    environment,
    close: async () => {
      await end([gateway, ...subgraphs]);
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs `bouquet` with `args` and returns what it prints; throws where it fails. */
export async function bouquet(environment: NodeJS.ProcessEnv, ...args: string[]): Promise<string> {
  const child = runChild(environment, args);
  const code = await child.ended;
  if (code !== 0) throw new Error(`bouquet ${args.join(' ')} ended with ${code}: ${child.output()}`);
  return child.output();
}

/** Makes an API key by `bouquet keys create` with these options besides its name. */
export async function createKey(environment: NodeJS.ProcessEnv, ...options: string[]): Promise<IssuedKey> {
  const output = await bouquet(environment, 'keys', 'create', '--name', 'suite', '--json', ...options);
  const { id, key } = z
    .object({ id: z.string(), key: z.string() })
    .parse(JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)));
  return { id, text: neverPrinted(key) };
}

/** Publishes a document by `bouquet documents publish` with these options; returns its id, without a prefix. */
export async function publish(
  environment: NodeJS.ProcessEnv,
  text: string,
  ...options: string[]
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bq-document-'));
  const file = join(folder, 'document.graphql');
  writeFileSync(file, text);
  try {
    const output = await bouquet(environment, 'documents', 'publish', file, ...options);
    return /sha256:([0-9a-f]{64})/.exec(output)?.[1] ?? '';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A token that the identity provider gives `subject`, valid for an hour. */
export async function tokenOf(subject: string, claims: JWTPayload = {}): Promise<string> {
  const token = await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setIssuer(identity.issuer)
    .setAudience(identity.audience)
    .setExpirationTime('1h')
    .sign(Buffer.from(identity.secret));
  return neverPrinted(token);
}

async function end(servers: readonly ChildServer[]): Promise<void> {
  for (const server of servers) server.process.kill('SIGTERM');
  await Promise.all(servers.map(({ ended }) => ended));
}
