import { z } from 'zod';
import { isRange } from '../http/client-address.ts';
import { pricesSchema } from '../llm/prices.ts';
import { logLevels } from '../logging/logger.ts';

/** Panels of scoring agents: docs/reference/agents.md. */
const panelNames = ['four', 'six'] as const;

export type PanelName = (typeof panelNames)[number];

const port = z.coerce.number().int().min(0).max(65_535);
const httpUrl = z.url({ protocol: /^https?$/ });
const base64Key = z
  .string()
  .refine((key) => Buffer.from(key, 'base64').length >= 32, 'must be 32 bytes or more in base64');
/** What fits into a header. */
const serviceKey = z.string().regex(/^[\x21-\x7E]+$/, 'must be ASCII characters without spaces');
/** An empty variable counts as absent. */
const optional = <T extends z.ZodType>(type: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), type.optional());

/** Comma-separated entries; none where the variable is absent or empty. */
const list = (isEntry: (entry: string) => boolean, message: string) =>
  z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((entry) => (entry.trim() === '' ? [] : [entry.trim()])))
    .refine((entries) => entries.every(isEntry), message);
/** Whether `text` is an origin as browsers send it: a scheme, a host and a port, nothing after them. */
const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

/**
 * Every environment variable that Bouquet reads. `describe` texts make up `docs/reference/configuration.md`.
 * Absent means embedded.
 */
export const configSchema = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'])
    .default('development')
    .describe('`production` ignores `x-user-id`, hides GraphiQL and refuses insecure defaults.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('The address to listen on.'),
  PORT: port.default(4000).describe('The port of the gateway, or of a subgraph; 0 picks a free one.'),
  TRUSTED_PROXIES: list(isRange, 'must be addresses or ranges in CIDR notation, comma-separated').describe(
    'Addresses or ranges (CIDR) of the proxies before Bouquet, comma-separated, whose `X-Forwarded-For` is believed; absent: none.',
  ),
  CORS_ORIGINS: list(isOrigin, 'must be origins such as https://shop.example.com, comma-separated').describe(
    'Origins of the pages that may call the API from a browser, as `https://shop.example.com`, comma-separated; absent: none, and those of this machine in development.',
  ),
  FREE_QUERIES: z
    .enum(['known', 'none'])
    .default('known')
    .describe(
      'Who may send queries of their own in production: `known` are users and keys without scope `partner`; `none` closes them, in development too. All others send persisted documents.',
    ),
  ADMIN_PORT: optional(port).describe(
    'The port of `/metrics`, `/healthz` and `/readyz` for operators, on `HOST` too; absent: none; 0 picks a free one. Do not put it on the internet.',
  ),
  WORKERS: optional(
    z.union([z.literal('auto'), z.coerce.number().int().min(1).max(64)], {
      error: 'must be `auto` or a number from 1 to 64',
    }),
  ).describe(
    'How many processes of this host answer; `auto`: one for each processor, which is also the default in production with `DATABASE_URL`; else 1.',
  ),
  SPARE_WORKERS: z.coerce
    .number()
    .int()
    .min(0)
    .max(8)
    .default(1)
    .describe(
      'Processes that stand by, beside two workers or more, to take the place of one that dies at once; some 300 MB each; 0: none, and the next is started then.',
    ),
  DATA_DIR: z
    .string()
    .min(1)
    .default('.bouquet')
    .describe('The folder of the embedded database, of generated keys and of copies of what trends.'),
  DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })).describe(
    'PostgreSQL 15 or newer; absent: PGlite in `DATA_DIR`.',
  ),
  DATABASE_DIRECT_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })).describe(
    'A connection around the pooler, for migrations; absent: `DATABASE_URL`.',
  ),
  DATABASE_POOL_SIZE: z.coerce
    .number()
    .int()
    .min(2)
    .max(50)
    .default(10)
    .describe('Connections of one process at most.'),
  QDRANT_URL: optional(httpUrl).describe(
    'Qdrant, which more than one host or 200,000 items need; port 6333 where it names none; absent: the vector index is in the process.',
  ),
  QDRANT_API_KEY: optional(z.string()).describe('The key that Qdrant asks for, if it does.'),
  CURSOR_SIGNING_KEYS: optional(
    z
      .string()
      .transform((keys) => keys.split(',').map((key) => key.trim()))
      .pipe(z.array(base64Key).min(1)),
  ).describe(
    'Comma-separated, newest first, 32 bytes or more each in base64; absent: generated in `DATA_DIR`.',
  ),
  GATEWAY_SIGNING_KEY: optional(base64Key).describe(
    'Shared by the gateway and subgraphs that talk over HTTP, 32 bytes or more in base64.',
  ),
  JWT_SECRET: optional(z.string()).describe(
    'Users sign in with a JWT of HS256 under this secret, a text of 32 bytes or more that the issuer shares; absent: see `JWT_JWKS_URL`.',
  ),
  JWT_JWKS_URL: optional(httpUrl).describe(
    'Users sign in with a JWT of RS256, PS256, ES256 or EdDSA under a key of this JSON Web Key Set; in place of `JWT_SECRET`. Absent both: no token is accepted.',
  ),
  JWT_ISSUER: optional(z.string()).describe('The claim `iss` that a JWT must have; must be set with either.'),
  JWT_AUDIENCE: optional(z.string()).describe(
    'The claim `aud` that a JWT must have, alone or among others; must be set with either.',
  ),
  SUBGRAPH_CONTENT_URL: optional(httpUrl).describe('The content subgraph over HTTP; absent: in process.'),
  SUBGRAPH_FEED_URL: optional(httpUrl).describe('The feed subgraph over HTTP; absent: in process.'),
  SUBGRAPH_EXPERIMENTS_URL: optional(httpUrl).describe(
    'The experiments subgraph over HTTP; absent: in process.',
  ),
  SUBGRAPH_METRICS_URL: optional(httpUrl).describe('The metrics subgraph over HTTP; absent: in process.'),
  EMBEDDINGS_BASE_URL: optional(httpUrl).describe(
    'An OpenAI-compatible service for text vectors, as `https://api.openai.com/v1`; absent: trained on the catalogue.',
  ),
  EMBEDDINGS_API_KEY: optional(serviceKey).describe('The key of that service; absent: none is sent.'),
  EMBEDDINGS_MODEL: optional(z.string()).describe(
    'The model of that service; must be set with `EMBEDDINGS_BASE_URL`.',
  ),
  PANEL: z
    .enum(panelNames)
    .default('six')
    .describe(
      'The agents that score a feed: `four` are Discovery, Quality, Archivist and Serendipity; `six` adds the Engagement Forecaster and the custom agent.',
    ),
  CUSTOM_AGENT: optional(z.string()).describe(
    "The path of the custom agent's module, as `/srv/agents/season.ts`; absent: the house's own, for picks of the editors, news and followed vendors.",
  ),
  LLM_BASE_URL: optional(httpUrl).describe(
    'An OpenAI-compatible language model that scores for agents, as `https://api.openai.com/v1`; absent: all agents score locally.',
  ),
  LLM_API_KEY: optional(serviceKey).describe('The key of that service; absent: none is sent.'),
  LLM_MODEL: optional(z.string()).describe(
    'The model of that service, one that knows structured output; must be set with `LLM_BASE_URL`.',
  ),
  LLM_PRICES: optional(pricesSchema).describe(
    'What models cost, as `model=in/out`, USD for a million tokens each, comma-separated; one without a price counts as free.',
  ),
  LLM_AGENTS: z
    .string()
    .default('quality')
    .transform((text) => text.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()])))
    .describe('Agents that it scores for, comma-separated: quality, discovery, archivist, serendipity.'),
  CUSTOM_PROMPT: optional(z.string().max(2_000)).describe(
    'What the custom agent asks of the language model, as `Score how well an entry suits a wedding on a beach.`; needs `LLM_BASE_URL`; absent: the custom agent scores locally.',
  ),
  EXPLORATION_SHARE: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe(
      'Share of the positions after the third of a feed that are exploration slots while little is known, 0 to 1; less as more is known; 0: no exploration.',
    ),
  EXPLORATION_REWARD_HOURS: z.coerce
    .number()
    .gt(0)
    .max(720)
    .default(24)
    .describe('A save or an inquiry at most so many hours after an impression rewards it.'),
  EXPLORATION_HALF_LIFE_DAYS: z.coerce
    .number()
    .min(0)
    .default(0)
    .describe('Exploration counts an impression of so many days ago half; 0: all alike.'),
  REDIS_URL: optional(z.url({ protocol: /^rediss?$/ })).describe(
    'Redis 7 or newer, in which several hosts count together; absent: each host counts for itself.',
  ),
  RATE_LIMIT_PER_HOUR: z.coerce
    .number()
    .int()
    .min(0)
    .default(1000)
    .describe(
      'Requests in an hour of a user, of an anonymous address, and of a key without a limit of its own; 0 is no limit.',
    ),
  RATE_LIMIT_LEASE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .describe('Requests of one caller that a process answers before it tells the others of them.'),
  LOG_LEVEL: z
    .enum(logLevels)
    .default('warn')
    .describe('How much is logged, as JSON on standard error: `error`, `warn`, `info`, `debug` or `trace`.'),
});

export type Config = z.infer<typeof configSchema>;

/** A variable that does not say what it should; `problems` has one readable line each. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads the configuration from `environment`.
 * @throws ConfigError naming every variable that is wrong, never its value.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const parsed = configSchema.safeParse(environment);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message.toLowerCase()}`),
    );
  }
  const config = parsed.data;
  const problems: string[] = [];
  if (config.NODE_ENV === 'production') {
    if (config.DATABASE_URL !== undefined && config.CURSOR_SIGNING_KEYS === undefined) {
      problems.push(
        'CURSOR_SIGNING_KEYS: must be set in production with DATABASE_URL, or pages break across processes',
      );
    }
  }
  if (subgraphUrls(config).some(([, url]) => url !== undefined) && config.GATEWAY_SIGNING_KEY === undefined) {
    problems.push(
      'GATEWAY_SIGNING_KEY: must be set where a SUBGRAPH_*_URL is, or the subgraph refuses the gateway',
    );
  }
  if (config.EMBEDDINGS_BASE_URL !== undefined && config.EMBEDDINGS_MODEL === undefined) {
    problems.push(
      'EMBEDDINGS_MODEL: must be set where EMBEDDINGS_BASE_URL is, as the service has no default',
    );
  }
  if (config.LLM_BASE_URL !== undefined && config.LLM_MODEL === undefined) {
    problems.push('LLM_MODEL: must be set where LLM_BASE_URL is, as the service has no default');
  }
  if (config.CUSTOM_PROMPT !== undefined && config.LLM_BASE_URL === undefined) {
    problems.push('CUSTOM_PROMPT: needs LLM_BASE_URL, as nobody else reads a prompt');
  }
  if (config.CUSTOM_PROMPT !== undefined && config.CUSTOM_AGENT !== undefined) {
    problems.push('CUSTOM_PROMPT: must not be set where CUSTOM_AGENT is, as there is one custom agent');
  }
  problems.push(...tokenProblems(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function tokenProblems(config: Config): string[] {
  const { JWT_SECRET, JWT_JWKS_URL, NODE_ENV } = config;
  const problems: string[] = [];
  if (JWT_SECRET !== undefined && JWT_JWKS_URL !== undefined) {
    problems.push('JWT_SECRET: must not be set where JWT_JWKS_URL is, as tokens have one issuer');
  }
  if (JWT_SECRET !== undefined || JWT_JWKS_URL !== undefined) {
    for (const name of ['JWT_ISSUER', 'JWT_AUDIENCE'] as const) {
      if (config[name] === undefined) {
        problems.push(
          `${name}: must be set where JWT_SECRET or JWT_JWKS_URL is, or tokens for others count here`,
        );
      }
    }
  }
  if (NODE_ENV !== 'production') return problems;
  if (JWT_SECRET !== undefined && Buffer.byteLength(JWT_SECRET) < 32) {
    problems.push('JWT_SECRET: must have 32 bytes or more in production, or tokens can be forged');
  }
  if (JWT_JWKS_URL !== undefined && !isSafeUrl(new URL(JWT_JWKS_URL))) {
    problems.push('JWT_JWKS_URL: must be https in production, or the keys can be replaced on the way');
  }
  return problems;
}

/** Whether nobody between here and `url` can change the answer. */
function isSafeUrl({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** The four subgraphs with the URL of each that is reached over HTTP. */
export function subgraphUrls(config: Config): [name: SubgraphName, url: string | undefined][] {
  return [
    ['content', config.SUBGRAPH_CONTENT_URL],
    ['feed', config.SUBGRAPH_FEED_URL],
    ['experiments', config.SUBGRAPH_EXPERIMENTS_URL],
    ['metrics', config.SUBGRAPH_METRICS_URL],
  ];
}

export const subgraphNames = ['content', 'feed', 'experiments', 'metrics'] as const;

export type SubgraphName = (typeof subgraphNames)[number];
