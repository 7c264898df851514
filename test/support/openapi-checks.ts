import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';

const parameterSchema = z.object({
  name: z.string(),
  in: z.enum(['query', 'path', 'header']),
  description: z.string().default(''),
  required: z.boolean().default(false),
  schema: z.record(z.string(), z.unknown()).optional(),
  example: z.unknown().optional(),
});

const mediaSchema = z.object({ 'application/json': z.object({ example: z.unknown() }) });

const operationSchema = z.object({
  operationId: z.string(),
  description: z.string().default(''),
  parameters: z.array(z.union([parameterSchema, z.object({ $ref: z.string() })])),
  requestBody: z.object({ content: mediaSchema }).optional(),
  responses: z.record(z.string(), z.object({ content: mediaSchema.optional() })),
});

const descriptionSchema = z.object({
  paths: z.record(z.string(), z.partialRecord(z.enum(['get', 'post']), operationSchema)),
});

export interface DescribedOperation extends z.infer<typeof operationSchema> {
  readonly path: string;
  readonly method: string;
}

/** Returns the operations of a description in its order. */
export function operationsOf(description: unknown): DescribedOperation[] {
  return Object.entries(descriptionSchema.parse(description).paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) =>
      operation === undefined ? [] : [{ ...operation, path, method }],
    ),
  );
}

/** Judges values by the schemas of an OpenAPI 3.1 description, where an undeclared property is a mistake. */
export class SchemaJudge {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(description: unknown) {
    addFormats.default(this.#ajv);
    this.#ajv.addSchema({
      $id: 'description',
      ...z.record(z.string(), z.unknown()).parse(closed(description)),
    });
  }

  /** What is wrong with `value` by the schema that stands at `pointer`, the keys from the description's root; or null. */
  problem(pointer: readonly string[], value: unknown): string | null {
    const keys = pointer.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1')));
    const validate = this.#ajv.compile({ $ref: `description#/${keys.join('/')}` });
    return validate(value) ? null : this.#ajv.errorsText(validate.errors);
  }

  /** As `problem`, for the body of an answer. */
  answerProblem({ path, method }: DescribedOperation, body: unknown): string | null {
    return this.problem(
      ['paths', path, method, 'responses', '200', 'content', 'application/json', 'schema'],
      body,
    );
  }
}

function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, closed(inner)]);
  const isObjectSchema = 'type' in value && value.type === 'object' && 'properties' in value;
  return { ...Object.fromEntries(entries), ...(isObjectSchema ? { additionalProperties: false } : {}) };
}
