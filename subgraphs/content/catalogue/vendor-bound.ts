import { Prisma } from '#platform/database/generated/client.ts';
import type { Rejected } from './batch.ts';

/**
 * The only vendor whose rows a caller may see and write, null where there is no such bound. Whatever reads or writes rows is
 * given it.
 */
export type VendorBound = string | null;

/** The bound as a condition on alias `c` of content.content, with AND before it. */
export function withinBound(bound: VendorBound): Prisma.Sql {
  return bound === null ? Prisma.empty : Prisma.sql`AND c.vendor_id = ${bound}`;
}

/** Whether rows of `vendorId` are within the bound. */
export function isWithinBound(bound: VendorBound, vendorId: string): boolean {
  return bound === null || bound === vendorId;
}

/** Why an entry of a batch was not applied that is, or was to become, another vendor's. */
export function beyondBound(id: string): Rejected {
  return { id, code: 'FORBIDDEN', message: "It is another vendor's than the one that the key is bound to." };
}
