import type { RegisteredDocument } from '../../gateway/documents/registered-document.ts';

/** A document on one line: name, id, kind, cost and for how long who may keep an answer. */
export function describeDocument({ name, id, kind, cost, maxAgeMs, scope }: RegisteredDocument): string {
  const policy = maxAgeMs === 0 ? 'not cached' : `${scope.toLowerCase()} ${maxAgeMs / 1000} s`;
  return `${name.padEnd(24)}  sha256:${id}  ${kind.padEnd(8)}  cost ${String(cost).padStart(5)}  ${policy}`;
}
