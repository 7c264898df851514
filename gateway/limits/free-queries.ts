import { hasScope, type Caller } from '#platform/caller/caller.ts';
import type { Config } from '#platform/config/config.ts';

/** How a request without a document's id may come. */
export interface FreeQueryRules {
  readonly mode: Config['FREE_QUERIES'];
  /** Whether everybody may send queries, by GET too, so that GraphiQL and curl work. */
  readonly development: boolean;
}

/**
 * Whether `caller` may send a query of its own by `method`. In production that is by POST, for users and for keys that
 * hold a scope, but for those with scope `partner`, which have documents instead. Mode `none` closes it for all.
 */
export function mayQueryFreely(
  caller: Caller,
  method: string,
  { mode, development }: FreeQueryRules,
): boolean {
  if (mode === 'none') return false;
  if (development) return true;
  if (method !== 'POST' || hasScope(caller, 'partner')) return false;
  return caller.key === null ? caller.kind === 'user' : caller.scopes.size > 0;
}
