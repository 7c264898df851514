import OpenAI from 'openai';

/** Where a service that speaks OpenAI's API is. */
export interface OpenAiService {
  /** As `https://api.openai.com/v1`: what the path of a call is appended to. */
  readonly baseUrl: string;
  /** Absent where the service wants none. */
  readonly apiKey?: string | undefined;
  /** ms until an answer must have begun. The body has no limit of its own: give each call a signal. */
  readonly timeoutMs: number;
  /** In place of the global one. */
  readonly fetch?: typeof fetch;
}

/** A client that reads no variables of the environment, logs nothing and tries each call once. */
export function createOpenAiClient({ baseUrl, apiKey, timeoutMs, fetch }: OpenAiService): OpenAI {
  return new OpenAI({
    baseURL: baseUrl,
    // The client wants one; without a key the header is left out.
    apiKey: apiKey ?? 'none',
    ...(apiKey === undefined ? { defaultHeaders: { Authorization: null } } : {}),
    ...(fetch === undefined ? {} : { fetch }),
    // What stays open is read from variables of the environment that are not ours.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    timeout: timeoutMs,
  });
}
