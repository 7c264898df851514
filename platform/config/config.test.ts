import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const key = Buffer.alloc(32, 7).toString('base64');

function problemsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('is embedded where nothing is set', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      PORT: 4000,
      HOST: '127.0.0.1',
      NODE_ENV: 'development',
      DATA_DIR: '.bouquet',
    });
    expect(config.DATABASE_URL).toBeUndefined();
    expect(readConfig({ DATABASE_URL: '' }).DATABASE_URL).toBeUndefined();
  });

  it('names every wrong variable in a line of its own and never prints its value', () => {
    const problems = problemsOf({
      PORT: 'http',
      DATABASE_URL: 'mysql://root:secret@db',
      CURSOR_SIGNING_KEYS: 'short',
      REDIS_URL: 'http://:secret@redis',
      RATE_LIMIT_PER_HOUR: '-1',
      LOG_LEVEL: 'loud',
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'PORT',
      'DATABASE_URL',
      'CURSOR_SIGNING_KEYS.0',
      'REDIS_URL',
      'RATE_LIMIT_PER_HOUR',
      'LOG_LEVEL',
    ]);
    expect(problems.join('\n')).not.toMatch(/secret|short/);
  });

  it('reads lists of proxies and origins', () => {
    const ranges = { TRUSTED_PROXIES: '10.0.0.0/8, ::1' };
    expect(readConfig({ ...ranges, CORS_ORIGINS: 'https://a.example.com,http://b:3000' })).toMatchObject({
      TRUSTED_PROXIES: ['10.0.0.0/8', '::1'],
      CORS_ORIGINS: ['https://a.example.com', 'http://b:3000'],
    });
    expect(readConfig({ TRUSTED_PROXIES: '' })).toMatchObject({ TRUSTED_PROXIES: [], CORS_ORIGINS: [] });
    for (const origin of [
      '*',
      'https://a.example.com/',
      'a.example.com',
      'null',
      'https://*.example.com/x',
    ]) {
      expect(problemsOf({ CORS_ORIGINS: origin }), origin).toEqual([
        expect.stringMatching(/^CORS_ORIGINS: must be origins/),
      ]);
    }
    for (const proxies of ['10.0.0.0/33', '10.0.0.1, proxy.example']) {
      expect(problemsOf({ TRUSTED_PROXIES: proxies })).toEqual([
        expect.stringMatching(/^TRUSTED_PROXIES: (?!.*example)/),
      ]);
    }
  });

  it('wants a model where there is an embeddings service, and never prints its key', () => {
    const service = { EMBEDDINGS_BASE_URL: 'https://embeddings.example/v1' };
    expect(problemsOf(service)).toEqual([expect.stringMatching(/^EMBEDDINGS_MODEL: must be set/)]);
    expect(problemsOf({ ...service, EMBEDDINGS_MODEL: 'small', EMBEDDINGS_API_KEY: '' })).toEqual([]);
    const wrong = problemsOf({
      EMBEDDINGS_BASE_URL: 'ftp://embeddings.example',
      EMBEDDINGS_API_KEY: 'sk-secret with a space',
    });
    expect(wrong.map((problem) => problem.split(':')[0])).toEqual([
      'EMBEDDINGS_BASE_URL',
      'EMBEDDINGS_API_KEY',
    ]);
    expect(wrong.join('\n')).not.toContain('secret');
  });

  it('wants a model where there is a language model service, and reads prices and agents', () => {
    const service = { LLM_BASE_URL: 'https://llm.example/v1' };
    expect(problemsOf(service)).toEqual([expect.stringMatching(/^LLM_MODEL: must be set/)]);
    const config = readConfig({
      ...service,
      LLM_MODEL: 'small',
      LLM_PRICES: 'small=0.15/0.6',
      LLM_AGENTS: 'quality, archivist',
    });
    expect(config.LLM_PRICES).toEqual(new Map([['small', { input: 0.15, output: 0.6 }]]));
    expect(config.LLM_AGENTS).toEqual(['quality', 'archivist']);
    expect(readConfig({}).LLM_AGENTS).toEqual(['quality']);
    expect(problemsOf({ CUSTOM_PROMPT: 'Score the colours.' })).toEqual([
      expect.stringMatching(/^CUSTOM_PROMPT: needs LLM_BASE_URL/),
    ]);
    const custom = { ...service, LLM_MODEL: 'small', CUSTOM_PROMPT: 'Score it.', CUSTOM_AGENT: './a.ts' };
    expect(problemsOf(custom)).toEqual([expect.stringMatching(/^CUSTOM_PROMPT: must not be set/)]);
    expect(problemsOf({ LLM_PRICES: 'small:1' })).toEqual([expect.stringMatching(/^LLM_PRICES: must be/)]);
  });

  it('wants an issuer and an audience for tokens, one source of keys, and a strong one in production', () => {
    const named = { JWT_ISSUER: 'https://id.example/', JWT_AUDIENCE: 'bouquet' };
    const names = (environment: NodeJS.ProcessEnv): (string | undefined)[] =>
      problemsOf(environment).map((problem) => problem.split(':')[0]);
    expect(names({ JWT_SECRET: key })).toEqual(['JWT_ISSUER', 'JWT_AUDIENCE']);
    expect(names({ JWT_JWKS_URL: 'https://id.example/jwks', JWT_ISSUER: 'x', JWT_AUDIENCE: '' })).toEqual([
      'JWT_AUDIENCE',
    ]);
    expect(names({ ...named, JWT_SECRET: key, JWT_JWKS_URL: 'https://id.example/jwks' })).toEqual([
      'JWT_SECRET',
    ]);
    expect(names({ ...named, JWT_JWKS_URL: 'file:///etc/passwd' })).toEqual(['JWT_JWKS_URL']);
    expect(names({ ...named, JWT_SECRET: 'short' })).toEqual([]);
    const production = { ...named, NODE_ENV: 'production' };
    expect(names({ ...production, JWT_SECRET: 'x'.repeat(31) })).toEqual(['JWT_SECRET']);
    expect(problemsOf({ ...production, JWT_SECRET: 'swordfish' }).join('')).not.toContain('swordfish');
    expect(names({ ...production, JWT_SECRET: 'x'.repeat(32) })).toEqual([]);
    expect(names({ ...production, JWT_JWKS_URL: 'http://id.example/jwks' })).toEqual(['JWT_JWKS_URL']);
    expect(names({ ...production, JWT_JWKS_URL: 'http://127.0.0.1:9000/jwks' })).toEqual([]);
  });

  it('wants a signing key where a subgraph is elsewhere, and cursor keys in production', () => {
    expect(problemsOf({ SUBGRAPH_FEED_URL: 'http://127.0.0.1:4001/graphql' })).toEqual([
      expect.stringContaining('GATEWAY_SIGNING_KEY'),
    ]);
    const production = { NODE_ENV: 'production', DATABASE_URL: 'postgresql://db/bouquet' };
    expect(problemsOf(production)).toEqual([expect.stringContaining('CURSOR_SIGNING_KEYS')]);
    expect(readConfig({ ...production, CURSOR_SIGNING_KEYS: `${key}, ${key}` }).CURSOR_SIGNING_KEYS).toEqual([
      key,
      key,
    ]);
  });
});
