import { isEnumType, type GraphQLEnumType, type GraphQLScalarType } from 'graphql';

/** Values by the name of a field or an argument, with its type where the name means several things. */
const byName: Readonly<Record<string, string | number>> = {
  'Category.name': 'Floristry',
  'Experiment.name': 'Fresher feeds',
  'Region.name': 'France',
  'RejectedInteraction.code': 'NOT_FOUND',
  'RejectedInteraction.message': 'There is no content with this id.',
  after: 'WyJjb250ZW50LTIwIl0',
  activityJson: '{"sessions":[]}',
  anonymousId: '7f6c1c0e-64a5-4f0e-9a52-1b2f6c8f2d11',
  categories: 'floristry',
  cause: 'DEADLINE_EXCEEDED',
  code: 'FR',
  comment: 'Found our florist within a day.',
  component: 'embedder',
  contentId: 'content-1',
  cursor: 'WyJjb250ZW50LTIwIl0',
  description: 'A long afternoon, told in nine pictures of a garden wedding.',
  endCursor: 'WyJjb250ZW50LTIwIl0',
  errorRate: 0.002,
  eventLoopUtilisation: 0.31,
  feedId: 'feed-1',
  first: 20,
  hitRate: 0.94,
  imageUrl: 'https://images.example.com/peony.jpg',
  json: '{"profile":{"region":"FR"}}',
  key: 'ranking-weights',
  kind: 'postgresql',
  locale: 'fr-FR',
  minQuality: 0.5,
  name: 'Atelier Pivoine',
  quality: 0.82,
  region: 'FR',
  regions: 'FR',
  score: 0.74,
  slug: 'floristry',
  tags: 'garden',
  text: 'peony garland',
  tier: 'l1',
  title: 'Peony garland',
  userId: 'user-1',
  variant: 'control',
  vendorId: 'vendor-1',
  vendorIds: 'vendor-1',
  version: 3,
  websiteUrl: 'https://vendor.example.com',
};

const byType: Readonly<Record<string, string | number | boolean>> = {
  ID: 'id-1',
  String: 'text',
  Boolean: true,
  Int: 9,
  Float: 12.5,
  DateTime: '2026-05-01T12:00:00.000Z',
};

/** Returns an example of a scalar or an enum, true to its type and like what stands under `name` in `parent`. */
export function exampleOf(
  type: GraphQLScalarType | GraphQLEnumType,
  name: string,
  parent: string,
): string | number | boolean {
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  const key = [`${parent}.${name}`, name].find((candidate) => Object.hasOwn(byName, candidate));
  const named = name === 'id' ? `${parent.toLowerCase()}-1` : byName[key ?? ''];
  return named !== undefined && fits(type.name, named) ? named : (byType[type.name] ?? '');
}

function fits(type: string, value: string | number): boolean {
  if (type === 'ID' || type === 'String') return typeof value === 'string';
  if (type === 'Int') return Number.isInteger(value);
  return type === 'Float' && typeof value === 'number';
}
