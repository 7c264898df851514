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

const documentsSchema = z.array(z.object({ key: z.string().nullable(), name: z.string(), id: z.string() }));

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

interface ProductionOptions {
  /** Whether `bouquet seed` generates a marketplace first; there is nothing in it otherwise. */
  readonly seeded?: boolean;
}

/** Everything in one process on an embedded database, configured by `given` besides. */
export async function startAllInOne(
  given: NodeJS.ProcessEnv = {},
  { seeded = true }: ProductionOptions = {},
): Promise<Production> {
  const folder = copyPgliteFolder();
  const environment = { ...settings, DATA_DIR: folder, ...given };
  if (seeded) await bouquet(environment, 'seed');
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

/** Four subgraphs and a gateway on one PostgreSQL, configured by `given` besides. */
export async function startDistributed(
  given: NodeJS.ProcessEnv = {},
  { seeded = true }: ProductionOptions = {},
): Promise<Production> {
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
  if (seeded) await bouquet(environment, 'seed');
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

/** Publishes documents by one `bouquet documents publish` with these options; throws what it says where it fails. */
export async function publish(
  environment: NodeJS.ProcessEnv,
  texts: readonly string[],
  ...options: string[]
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bq-documents-'));
  const files = texts.map((_, index) => join(folder, `${index}.graphql`));
  for (const [index, file] of files.entries()) writeFileSync(file, texts[index] ?? '');
  try {
    await bouquet(environment, 'documents', 'publish', ...files, ...options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The ids, without a prefix, of the documents on the list of a key or of everybody (null), by name. */
export async function publishedIds(
  environment: NodeJS.ProcessEnv,
  keyId: string | null,
): Promise<Map<string, string>> {
  const listed = documentsSchema.parse(JSON.parse(await bouquet(environment, 'documents', 'list', '--json')));
  return new Map(listed.flatMap(({ key, name, id }) => (key === keyId ? [[name, id]] : [])));
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
