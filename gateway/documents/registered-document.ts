/** A persisted document as it may be run: parsed, validated and measured against the schema of this process. */
export interface RegisteredDocument {
  /** SHA-256 of `text`, 64 lower-case hexadecimal digits, without the prefix `sha256:`. */
  readonly id: string;
  /** The name of its one operation. */
  readonly name: string;
  /** The operation with its fragments, as GraphQL.js prints it. */
  readonly text: string;
  /** What its author wrote above it, for people; null where that is nothing. */
  readonly description: string | null;
  readonly kind: 'query' | 'mutation';
  /** By the rules of the limits, with the defaults of its variables. */
  readonly cost: number;
  /** Milliseconds for which an answer may be kept at most; 0: not at all. */
  readonly maxAgeMs: number;
  /** Who may share an answer. */
  readonly scope: 'PUBLIC' | 'PRIVATE';
  /** Whether it is on lists of API keys alone, and not for everybody. */
  readonly partner: boolean;
}
