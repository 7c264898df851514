import type { IssuedKey, KeyRecord } from '../../gateway/callers/key-store.ts';
import { stateOf } from '../../gateway/callers/key-store.ts';

/** Prints the key on standard output, alone or as JSON, and what it is on standard error. */
export function printIssuedKey(
  { record, text }: IssuedKey,
  { json, note }: { json: boolean; note: string },
): void {
  process.stdout.write(
    json ? `${JSON.stringify({ key: text, ...keyJson(record) }, null, 2)}\n` : `${text}\n`,
  );
  process.stderr.write(`Key ${record.id}, ${describeKey(record)}. ${note}\n`);
}

/** A key in one line, for a person. */
export function describeKey({ name, scopes, vendorId }: KeyRecord): string {
  const vendor = vendorId === null ? '' : `, of vendor ${vendorId}`;
  return `"${name}" with scope ${scopes.join(', ')}${vendor}`;
}

/** A key as `--json` prints it. */
export function keyJson(record: KeyRecord): object {
  return { ...record, state: stateOf(record) };
}
