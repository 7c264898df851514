import type { ReasonKind, ReasonRecord } from '../pipeline/component.ts';

/** A sentence without a region, and one that ends with its name, which needs no article there in any language. */
interface Wording {
  readonly plain: string;
  readonly region?: (name: string) => string;
}

type Wordings = Readonly<Record<ReasonKind, Wording>>;

const english: Wordings = {
  SIMILAR_TO_SAVED: { plain: 'Similar to things that caught your interest.' },
  LIKED_BY_SIMILAR_PEOPLE: { plain: 'Liked by people with a taste like yours.' },
  FOLLOWED_VENDOR: { plain: 'From a vendor you follow.' },
  NEW_IN_REGION: { plain: 'Recently published.', region: (name) => `New in this region: ${name}.` },
  TRENDING_IN_REGION: {
    plain: 'Popular right now.',
    region: (name) => `Popular right now in this region: ${name}.`,
  },
  EXPLORING: { plain: 'A suggestion to help us learn what you like.' },
  EDITORS_PICK: { plain: 'Picked by our editors.' },
};

const german: Wordings = {
  SIMILAR_TO_SAVED: { plain: 'Ähnelt dem, was Sie bereits interessiert hat.' },
  LIKED_BY_SIMILAR_PEOPLE: { plain: 'Gefällt Menschen mit einem ähnlichen Geschmack wie Ihrem.' },
  FOLLOWED_VENDOR: { plain: 'Von einem Anbieter, dem Sie folgen.' },
  NEW_IN_REGION: { plain: 'Vor Kurzem erschienen.', region: (name) => `Neu in dieser Region: ${name}.` },
  TRENDING_IN_REGION: {
    plain: 'Zurzeit beliebt.',
    region: (name) => `Zurzeit beliebt in dieser Region: ${name}.`,
  },
  EXPLORING: { plain: 'Ein Vorschlag, um Ihren Geschmack besser kennenzulernen.' },
  EDITORS_PICK: { plain: 'Von unserer Redaktion ausgewählt.' },
};

const french: Wordings = {
  SIMILAR_TO_SAVED: { plain: 'Semblable à ce qui vous a déjà intéressé.' },
  LIKED_BY_SIMILAR_PEOPLE: { plain: 'Apprécié par des personnes aux goûts proches des vôtres.' },
  FOLLOWED_VENDOR: { plain: 'Proposé par un prestataire que vous suivez.' },
  NEW_IN_REGION: {
    plain: 'Publié récemment.',
    region: (name) => `Nouveau dans cette région\u{A0}: ${name}.`,
  },
  TRENDING_IN_REGION: {
    plain: 'Populaire en ce moment.',
    region: (name) => `Populaire en ce moment dans cette région\u{A0}: ${name}.`,
  },
  EXPLORING: { plain: 'Une suggestion pour mieux connaître vos goûts.' },
  EDITORS_PICK: { plain: 'Choisi par notre rédaction.' },
};

const wordings: ReadonlyMap<string, Wordings> = new Map([
  ['en', english],
  ['de', german],
  ['fr', french],
]);

/** The code of no place in particular. */
const unknownRegion = 'ZZ';

/** Names of regions by language; a code that names no region has none, as no sentence shows a code. */
const regionNames = new Map(
  [...wordings.keys()].map((language) => [
    language,
    new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }),
  ]),
);

/** The reason as one sentence in the language of `locale`, a BCP 47 tag: English, German or French; else in English. */
export function reasonSentence({ kind, region }: ReasonRecord, locale: string | null): string {
  const asked = locale?.split(/[-_]/, 1)[0]?.toLowerCase() ?? 'en';
  const language = wordings.has(asked) ? asked : 'en';
  const wording = (wordings.get(language) ?? english)[kind];
  const name =
    region === null || region === unknownRegion ? undefined : regionNames.get(language)?.of(region);
  return name === undefined || wording.region === undefined ? wording.plain : wording.region(name);
}
