/** What a limit counts: a user, an API key, or the address of an anonymous caller. */
export type SubjectKind = 'user' | 'key' | 'address';

/** A subject as it leaves the process: its kind and a hash of its id, `user:…`. */
export type SubjectHash = `${SubjectKind}:${string}`;

/** What a process asks for once its lease of a subject is spent. */
export interface LeaseRequest {
  readonly subject: SubjectHash;
  /** Requests of the subject that this process has answered and not yet told of. */
  readonly used: number;
  /** Requests that it would like to answer before it asks again. */
  readonly wanted: number;
  /** Requests that the subject may make in one window. */
  readonly limit: number;
}

export interface Lease {
  /** Requests that may be answered: `wanted`, or the rest where the limit holds fewer. */
  readonly granted: number;
  /** Requests of the limit that no process has told of yet. */
  readonly remaining: number;
  /** Milliseconds until the window ends, and this lease with it. */
  readonly resetMs: number;
}

/**
 * Where the processes' counts come together. A lease is paid afterwards, by the `used` of the next request: so what one
 * process does not use is lost to no other, and together they exceed a limit by less than processes × wanted.
 */
export interface LeaseSource {
  /** Counts `used` and grants the next lease. Never throws: without its server a source counts in the process. */
  lease(request: LeaseRequest): Promise<Lease>;
}

/** The length of a window, which begins with the first request of a subject, in s. */
export const windowSeconds = 3600;
