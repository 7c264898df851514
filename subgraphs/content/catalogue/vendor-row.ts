/** A vendor as the catalogue stores it. */
export interface VendorRow {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly description: string | null;
  readonly websiteUrl: string | null;
  readonly version: number;
}

/** The fields of a `VendorRow` for Prisma's `select`. */
export const vendorSelection = {
  id: true,
  name: true,
  region: true,
  description: true,
  websiteUrl: true,
  version: true,
} as const;
