import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { z } from 'zod';

/** Where Qdrant's published description of its API lies; it is read in place and not part of this repository. */
const path = join(
  process.env['SHARED_DATA'] ?? join(import.meta.dirname, '../../../../shared/data'),
  'qdrant-api/openapi.json',
);

/** What to add to the title of a suite that is left out without the description; empty where it is there. */
export const descriptionMissing = existsSync(path)
  ? ''
  : ' (left out: shared/data/qdrant-api/openapi.json is not here)';

/** The schema of a body in JSON; some bodies are files. */
const jsonBody = z
  .object({ content: z.record(z.string(), z.object({ schema: z.unknown() })).default({}) })
  .transform(({ content }) => content['application/json']?.schema);
const operationSchema = z.object({
  parameters: z
    .array(z.object({ name: z.string(), in: z.string(), schema: z.unknown() }))
    .nullish()
    .transform((parameters) => parameters ?? []),
  requestBody: jsonBody.nullish(),
  responses: z.record(z.string(), jsonBody),
});
const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.unknown(),
});

/** The description, read and compiled once. */
export const qdrantDescription = (() => {
  let description: QdrantDescription | null = null;
  return (): QdrantDescription => (description ??= new QdrantDescription());
})();

/** Checks requests and answers against the description. */
class QdrantDescription {
  readonly #document: z.infer<typeof documentSchema>;
  readonly #ajv = new Ajv({ strict: false, coerceTypes: false, allErrors: false });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor() {
    const document: unknown = JSON.parse(readFileSync(path, 'utf8'));
    this.#document = documentSchema.parse(document);
    addFormats.default(this.#ajv);
    for (const format of ['uint', 'uint8', 'uint32', 'uint64', 'partial-date-time']) {
      this.#ajv.addFormat(format, true);
    }
    this.#ajv.addSchema({ $id: 'qdrant', components: repaired(this.#document.components) });
  }

  /** The path of the description that `pathname` is of, or null. A literal segment goes before a parameter. */
  template(method: string, pathname: string): string | null {
    const found = Object.keys(this.#document.paths).filter(
      (template) =>
        this.#document.paths[template]?.[method] !== undefined &&
        new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(pathname),
    );
    return found.toSorted((a, b) => a.split('{').length - b.split('{').length)[0] ?? null;
  }

  /** Returns what is wrong with a request, or null. */
  requestFault(method: string, template: string, query: URLSearchParams, body: unknown): string | null {
    const operation = this.#operation(method, template);
    for (const [name, text] of query) {
      const parameter = operation.parameters.find((known) => known.in === 'query' && known.name === name);
      if (parameter === undefined) return `unknown query parameter ${name}`;
      const value: unknown = /^(true|false|\d+)$/.test(text) ? JSON.parse(text) : text;
      const fault = this.#fault(`${method} ${template} ?${name}`, parameter.schema, value);
      if (fault !== null) return fault;
    }
    if (operation.requestBody == null) return body === undefined ? null : 'a body where none belongs';
    return this.#fault(`${method} ${template} body`, operation.requestBody, body);
  }

  /** Returns what is wrong with an answer, or null. */
  answerFault(method: string, template: string, status: number, body: unknown): string | null {
    const { responses } = this.#operation(method, template);
    const key = status === 200 ? '200' : '4XX';
    const schema = responses[key];
    return schema === undefined
      ? `no answer ${key}`
      : this.#fault(`${method} ${template} ${key}`, schema, body);
  }

  #operation(method: string, template: string): z.infer<typeof operationSchema> {
    const operation = this.#document.paths[template]?.[method];
    if (operation === undefined) throw new Error(`Not described: ${method} ${template}`);
    return operation;
  }

  #fault(key: string, schema: unknown, value: unknown): string | null {
    let validate = this.#compiled.get(key);
    if (validate === undefined) {
      validate = this.#ajv.compile(z.record(z.string(), z.unknown()).parse(repaired(schema)));
      this.#compiled.set(key, validate);
    }
    return validate(value) ? null : `${key}: ${this.#ajv.errorsText(validate.errors)}`;
  }
}

/**
 * The description as JSON Schema: `nullable` alone means null, `nullable` without a type means "or null", and objects
 * are closed where it does not say otherwise, as Qdrant refuses or ignores what it does not know.
 */
function repaired(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(repaired);
  const object = z.record(z.string(), z.unknown()).safeParse(schema).data;
  if (object === undefined) {
    return typeof schema === 'string' && schema.startsWith('#/') ? `qdrant${schema}` : schema;
  }
  const { nullable, ...rest } = object;
  const result = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, repaired(value)]));
  const isSchema = typeof result['type'] === 'string';
  if (isSchema && result['properties'] !== undefined && result['additionalProperties'] === undefined) {
    result['additionalProperties'] = false;
  }
  if (nullable !== true) return result;
  if (isSchema) return { ...result, nullable };
  return Object.keys(result).length === 0 ? { type: 'null' } : { anyOf: [result, { type: 'null' }] };
}
