/** A category as resolvers see it; the count is there where it was read along. */
export interface CategoryRow {
  readonly slug: string;
  readonly contentCount: number | null;
}

/** A region as resolvers see it; the count is there where it was read along. */
export interface RegionRow {
  readonly code: string;
  readonly contentCount: number | null;
}

const regionNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** Returns the English name of a region, or the code where it has none. */
export function regionName(code: string): string {
  return regionNames.of(code) ?? code;
}

/** Returns a slug as a title: `floral-design` is Floral Design. */
export function categoryName(slug: string): string {
  return slug
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
