import { findKey, stateOf } from '../../gateway/callers/key-store.ts';
import type { ListHolder } from '../../gateway/documents/closed-fields.ts';
import type { Database } from '#platform/database/database.ts';
import { CommandError } from '../command.ts';
import { unknownKey } from '../keys/key-id.ts';

/**
 * What the key with public id `keyId` may do, for whose list documents are checked.
 * @throws CommandError for a key that does not exist, is revoked or has expired: its list would serve nobody.
 */
export async function listHolderOf(database: Database, keyId: string): Promise<ListHolder> {
  const key = await findKey(database, keyId);
  if (key === null) throw unknownKey(keyId);
  const state = stateOf(key);
  if (state !== 'active') throw new CommandError(`the key ${keyId} is ${state}: nobody could run its list.`);
  return { scopes: new Set(key.scopes), vendorId: key.vendorId };
}
