import { checkFirst, toPage } from '../catalogue/content-page.ts';
import { openVendorCursor, signVendorCursor } from '../catalogue/vendor-contents.ts';
import type { VendorResolvers } from '../generated/resolvers.ts';

export const Vendor: VendorResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.vendors.load(id),
  region: ({ region }) => ({ code: region, contentCount: null }),
  contents: async ({ id }, { first, after }, { cursors, loaders }) => {
    checkFirst(first);
    const rows = await loaders.vendorContents.load({
      vendorId: id,
      limit: first + 1,
      after: after == null ? null : openVendorCursor(cursors, id, after),
    });
    return toPage(
      rows,
      first,
      (row) => signVendorCursor(cursors, row),
      () => loaders.vendorCounts.load(id),
    );
  },
};
