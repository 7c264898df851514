import type { ImportedContent, ImportedVendor } from '../../subgraphs/content/import-catalogue.ts';
import type { Random } from './random.ts';
import { cities, crafts, names, palettes, seasons, styles, type City, type Craft } from './vocabulary.ts';

/** A vendor with what the generator knows about it. */
export interface GeneratedVendor {
  readonly row: ImportedVendor;
  readonly craft: Craft;
  readonly city: City;
  /** The style that it is known for, and another. */
  readonly styles: readonly [string, string];
}

/** A content with what decides whom it pleases. */
export interface GeneratedContent {
  readonly row: ImportedContent;
  readonly style: string;
  /** Above 0; how well it does with everybody, heavy-tailed. */
  readonly appeal: number;
}

const dayMs = 86_400_000;

/** `count` vendors with different names, spread over cities and crafts. */
export function generateVendors(count: number, random: Random): GeneratedVendor[] {
  const taken = new Set<string>();
  return Array.from({ length: count }, (_, index) => {
    const craft = crafts[index % crafts.length] ?? random.pick(crafts);
    const city = cities[Math.floor(index / crafts.length) % cities.length] ?? random.pick(cities);
    const [style = styles[0], other = styles[1]] = random.pickSome(styles, 2);
    let name = vendorName(craft, random);
    while (taken.has(name)) name = vendorName(craft, random);
    taken.add(name);
    return {
      row: {
        id: `vendor-${index + 1}`,
        name,
        region: city.region,
        description: `${capital(style)} ${craft.category} in ${city.name}. ${random.pick(craft.sentences)}`,
        websiteUrl: random.chance(0.8) ? `https://${slug(name)}.example.com/` : null,
      },
      craft,
      city,
      styles: [style, other],
    };
  });
}

/** `count` contents of those vendors, published over the 180 days before `reference`. */
export function generateContents(
  count: number,
  vendors: readonly GeneratedVendor[],
  reference: Date,
  random: Random,
): GeneratedContent[] {
  return Array.from({ length: count }, (_, index) => {
    // Everybody has a piece or more; a few vendors have many.
    const vendor = vendors[index] ?? random.pick(vendors.slice(0, 1 + random.below(vendors.length)));
    const { craft, city } = vendor;
    const style = random.chance(0.7) ? vendor.styles[0] : vendor.styles[1];
    const subject = random.pick(craft.subjects);
    const palette = random.pick(palettes);
    const season = random.pick(seasons);
    const ageDays = 180 * random.next() ** 1.5;
    return {
      row: {
        id: `content-${index + 1}`,
        vendorId: vendor.row.id,
        title: title({ style, subject, palette, season, city: city.name }, random),
        description:
          `${capital(style)} ${subject} in ${palette}, made for a celebration in ${city.name} in ${season}. ` +
          random.pickSome(craft.sentences, 2).join(' '),
        category: craft.category,
        region: city.region,
        tags: [style, palette, season, slug(city.name), ...random.pickSome(craft.tags, 2)],
        imageUrl: random.chance(0.9) ? `https://images.example.com/content-${index + 1}.jpg` : null,
        publishedAt: new Date(reference.getTime() - Math.round(ageDays * dayMs)),
      },
      style,
      appeal: Math.exp(0.9 * random.normal()),
    };
  });
}

function vendorName(craft: Craft, random: Random): string {
  const [first = '', second = ''] = random.pickSome(names, 2);
  return `${first} ${random.chance(0.5) ? 'and' : '&'} ${second} ${random.pick(craft.trade)}`;
}

interface Piece {
  readonly style: string;
  readonly subject: string;
  readonly palette: string;
  readonly season: string;
  readonly city: string;
}

function title({ style, subject, palette, season, city }: Piece, random: Random): string {
  switch (random.below(4)) {
    case 0:
      return `${capital(style)} ${subject} in ${palette}`;
    case 1:
      return `${capital(season)} in ${city}: ${style} ${subject}`;
    case 2:
      return `${capital(palette)} and ${style}: ${subject} for ${season} days`;
    default:
      return `${capital(style)} ${subject}, ${city}`;
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('&', 'and')
    .replaceAll(/[^a-z0-9]+/g, '-');
}
