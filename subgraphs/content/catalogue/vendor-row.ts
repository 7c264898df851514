import { Prisma } from '#platform/database/generated/client.ts';

/** A vendor as the catalogue stores it. */
export interface VendorRow {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly description: string | null;
  readonly websiteUrl: string | null;
  readonly version: number;
}

/** The columns of a `VendorRow`, from table alias `v`. */
export const vendorColumns = Prisma.sql`
  v.id, v.name, v.region, v.description, v.website_url AS "websiteUrl", v.version`;
