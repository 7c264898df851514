import { formatApiKey, hashSecret, newKeyId, newSecret } from '../api-key.ts';
import type { KeySource, StoredClientKey } from '../read-keys.ts';
import type { StoredKey } from '../stored-key.ts';

/** Keys in memory in place of the database's, which may be away. */
export class KeysInMemory implements KeySource {
  readonly #keys = new Map<string, StoredKey>();
  readonly #clientKeys = new Map<string, StoredClientKey>();
  #version = 0;
  /** What a look waits for, or fails by. */
  answer: () => Promise<void> = () => Promise.resolve();
  looks = 0;
  reads = 0;

  /** Stores a key and returns its text. */
  add(terms: Partial<StoredKey> = {}): { id: string; text: string } {
    const [id, secret] = [newKeyId(), newSecret()];
    this.set({
      id,
      scopes: new Set(),
      vendorId: null,
      hourlyLimit: null,
      expiresAt: null,
      revokedAt: null,
      secrets: [{ hash: hashSecret(secret), validUntil: null }],
      ...terms,
    });
    return { id, text: formatApiKey({ id, secret }) };
  }

  set(key: StoredKey): void {
    this.#keys.set(key.id, key);
    this.#version++;
  }

  setClientKey(key: StoredClientKey): void {
    this.#clientKeys.set(key.key, key);
    this.#version++;
  }

  revoke(id: string): void {
    const key = this.#keys.get(id);
    if (key !== undefined) this.set({ ...key, revokedAt: 0 });
  }

  readonly version: KeySource['version'] = async () => {
    this.looks++;
    await this.answer();
    return String(this.#version);
  };

  readonly read: KeySource['read'] = async () => {
    this.reads++;
    await this.answer();
    return {
      version: String(this.#version),
      keys: new Map(this.#keys),
      clientKeys: new Map(this.#clientKeys),
    };
  };
}
