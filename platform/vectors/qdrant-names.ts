import { createHash } from 'node:crypto';

/** Any fixed UUID serves as the namespace; another would orphan the points that are stored. */
const namespace = Buffer.from('6f0d6c2e4b7a4f0c9d51a2f3c8e7b916', 'hex');
const plainName = /^[A-Za-z0-9]{1,32}$/;

/** The point id of an item: its name-based UUID (RFC 9562, version 5), as Qdrant takes numbers and UUIDs only. */
export function pointIdOf(id: string): string {
  const bytes = createHash('sha1').update(namespace).update(id, 'utf8').digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The names of the collections and aliases of one index; `prefix` (a-z, 0-9 and _) keeps indexes apart. */
export class QdrantNames {
  /** The alias of the generation that is searched. */
  readonly current: string;
  /** The alias of the generation that is being built. */
  readonly next: string;
  /** What every collection of the index starts with. */
  readonly start: string;

  constructor(prefix: string) {
    if (!/^[a-z0-9_]{1,32}$/.test(prefix)) throw new RangeError('A prefix has 1 to 32 of a-z, 0-9 and _');
    this.current = `${prefix}-current`;
    this.next = `${prefix}-next`;
    this.start = `${prefix}--`;
  }

  /** The collection that says what a generation is, and which ids were written while it was built. */
  about(generation: string): string {
    return `${this.start}${generation}`;
  }

  /** What the segments of a generation start with. */
  segments(generation: string): string {
    return `${this.about(generation)}--`;
  }

  /** The collection of a region; one that Qdrant might not take in a name is hashed. */
  segment(generation: string, region: string): string {
    const name = plainName.test(region) ? region : createHash('sha1').update(region).digest('hex');
    return `${this.segments(generation)}${name}`;
  }
}
