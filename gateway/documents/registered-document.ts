/** A persisted operation that the gateway knows. */
export interface RegisteredDocument {
  /** The SHA-256 of its text in lower-case hexadecimal, without a prefix. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  readonly text: string;
  readonly kind: 'query' | 'mutation';
  /** What it costs at the most, in the unit of the gateway's cost limit. */
  readonly cost: number;
  /** Milliseconds for which its answer may be kept at most; 0: not at all. */
  readonly maxAgeMs: number;
  /** Who may share a kept answer. */
  readonly scope: 'PUBLIC' | 'PRIVATE';
  /** Whether a partner key may be allowed it. */
  readonly partner: boolean;
}
