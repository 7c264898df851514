import { clientKeyState, type ClientKey } from '../../../gateway/callers/client-key-store.ts';

/** A client key as `--json` prints it. */
export function clientKeyJson(key: ClientKey): object {
  return { ...key, state: clientKeyState(key) };
}
