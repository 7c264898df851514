import { z } from 'zod';

/** A shared WebAssembly.Memory: threads and the kernel see the same bytes. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

// What of the global is used here; the types of Node leave it out.
declare const WebAssembly: {
  Memory: new (limits: { initial: number; maximum: number; shared: true }) => SharedMemory;
};

const pageBytes = 65_536;
const mostPages = 65_536;

/** Zeros. @throws RangeError for more than 4 GiB. */
export function createSharedMemory(bytes: number): SharedMemory {
  const pages = Math.ceil(bytes / pageBytes);
  if (pages > mostPages) throw new RangeError(`${bytes} bytes are more than the 4 GiB of a memory.`);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** A memory as it arrives from another thread. */
export const sharedMemory = z.custom<SharedMemory>((value) => value instanceof WebAssembly.Memory);
