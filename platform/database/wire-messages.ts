/** The first bytes of an SSL or GSS request, which come before the startup message and carry no type byte. */
const sslRequestCode = 80_877_103;
const gssRequestCode = 80_877_104;
const cancelRequestCode = 80_877_102;

/** A message larger than this is not one of ours; the connection is dropped instead of buffering without bound. */
const maxMessageBytes = 256 * 1024 * 1024;

/** What a client's bytes ask of the server, one protocol unit at a time. */
export type WireUnit =
  /** SSL or GSS: the answer is the single byte `N`. */
  | { readonly kind: 'encryption-request' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'terminate' }
  /** Messages up to and with a Sync, a simple query, or the startup: to be run without anything in between. */
  | { readonly kind: 'run'; readonly bytes: Buffer };

/**
 * Cuts a PostgreSQL client's byte stream into units (PostgreSQL protocol 3.0, "Message Flow"). The messages of an
 * extended query belong together until their Sync: they share the session's unnamed statement and portal.
 */
export class WireUnitReader {
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #unit: Buffer[] = [];
  #started = false;

  /**
   * Takes bytes as they arrive and returns the units that they complete.
   * @throws RangeError when a message claims an impossible length.
   */
  push(chunk: Buffer): WireUnit[] {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    const units: WireUnit[] = [];
    for (;;) {
      const unit = this.#next();
      if (unit === null) return units;
      if (unit !== 'more') units.push(unit);
    }
  }

  #next(): WireUnit | 'more' | null {
    const message = this.#started ? this.#take(1) : this.#take(0);
    if (message === null) return null;
    if (!this.#started) return this.#begin(message);
    const type = String.fromCharCode(message[0] ?? 0);
    if (type === 'X') return { kind: 'terminate' };
    this.#unit.push(message);
    // S: Sync, Q: simple query, F: function call. COPY's d, c and f do not occur: nothing here copies.
    if (type !== 'S' && type !== 'Q' && type !== 'F') return 'more';
    const bytes = this.#unit.length === 1 ? message : Buffer.concat(this.#unit);
    this.#unit = [];
    return { kind: 'run', bytes };
  }

  #begin(message: Buffer): WireUnit {
    const code = message.readInt32BE(4);
    if (code === sslRequestCode || code === gssRequestCode) return { kind: 'encryption-request' };
    if (code === cancelRequestCode) return { kind: 'cancel' };
    this.#started = true;
    return { kind: 'run', bytes: message };
  }

  /** Returns the next whole message, whose length word stands behind `typeBytes` bytes, or null. */
  #take(typeBytes: 0 | 1): Buffer | null {
    if (this.#pendingBytes < typeBytes + 4) return null;
    if ((this.#pending[0]?.length ?? 0) < typeBytes + 4) this.#join();
    const length = (this.#pending[0]?.readInt32BE(typeBytes) ?? 0) + typeBytes;
    if (length < typeBytes + 4 || length > maxMessageBytes || (typeBytes === 0 && length < 8)) {
      throw new RangeError(`A message of ${length} bytes is not one of PostgreSQL's protocol.`);
    }
    if (this.#pendingBytes < length) return null;
    if ((this.#pending[0]?.length ?? 0) < length) this.#join();
    const first = this.#pending[0] ?? Buffer.alloc(0);
    const message = first.subarray(0, length);
    if (first.length === length) this.#pending.shift();
    else this.#pending[0] = first.subarray(length);
    this.#pendingBytes -= length;
    return message;
  }

  #join(): void {
    this.#pending = [Buffer.concat(this.#pending)];
  }
}
