import { badUserInput } from '#platform/errors/request-error.ts';
import { isId } from '../identifiers.ts';
import type { RequestFilter } from '../pipeline/component.ts';
import { regionSchema } from '../profile/profile.ts';

/** `FeedFilter` as it arrives. */
export interface FeedFilterArguments {
  readonly categories?: readonly string[] | null | undefined;
  readonly regions?: readonly string[] | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly vendorIds?: readonly string[] | null | undefined;
  readonly minQuality?: number | null | undefined;
}

const listLimit = 100;

const slug = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Returns the filter that the arguments ask for, narrowed to the vendor that the caller's key is bound to, if any.
 * @throws RequestError `BAD_USER_INPUT` for an entry that is malformed and for more than 100 of a kind.
 */
export function parseFilter(
  filter: FeedFilterArguments | null | undefined,
  boundVendor: string | null,
): RequestFilter {
  const minQuality = filter?.minQuality ?? 0;
  if (!(minQuality >= 0 && minQuality <= 1)) throw badUserInput('filter.minQuality must be from 0 to 1.');
  return {
    categories: listOf('categories', filter?.categories, isSlug, 'lower-case slugs'),
    regions: listOf(
      'regions',
      filter?.regions,
      (region) => regionSchema.safeParse(region).success,
      'two capital letters each, as in ISO 3166-1 alpha-2',
    ),
    tags: listOf('tags', filter?.tags, isSlug, 'lower-case slugs'),
    vendorIds: narrowed(
      listOf('vendorIds', filter?.vendorIds, isId, 'ids of 1 to 128 characters'),
      boundVendor,
    ),
    minQuality,
  };
}

/**
 * Returns `first` when it is a page size.
 * @throws RequestError `BAD_USER_INPUT` otherwise.
 */
export function pageSize(first: number): number {
  if (first >= 1 && first <= 100) return first;
  throw badUserInput('first must be from 1 to 100.');
}

function narrowed(vendorIds: readonly string[], boundVendor: string | null): readonly string[] | null {
  if (vendorIds.length === 0) return boundVendor === null ? null : [boundVendor];
  return boundVendor === null ? vendorIds : vendorIds.filter((id) => id === boundVendor);
}

function isSlug(value: string): boolean {
  return value.length <= 100 && slug.test(value);
}

function listOf(
  name: string,
  values: readonly string[] | null | undefined,
  isValid: (value: string) => boolean,
  form: string,
): readonly string[] {
  if (values == null) return [];
  if (values.length > listLimit) throw badUserInput(`filter.${name} may have at most ${listLimit} entries.`);
  if (!values.every((value) => isValid(value))) throw badUserInput(`filter.${name} must be ${form}.`);
  return [...new Set(values)];
}
