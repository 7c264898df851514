import { describe, expect, it } from 'vitest';
import type { ReasonKind } from '../pipeline/component.ts';
import { reasonSentence } from './reason-sentence.ts';

/** Each kind in each language; those that may name a region with Switzerland. */
const sentences: Readonly<Record<ReasonKind, readonly [en: string, de: string, fr: string]>> = {
  SIMILAR_TO_SAVED: [
    'Similar to things that caught your interest.',
    'Ähnelt dem, was Sie bereits interessiert hat.',
    'Semblable à ce qui vous a déjà intéressé.',
  ],
  LIKED_BY_SIMILAR_PEOPLE: [
    'Liked by people with a taste like yours.',
    'Gefällt Menschen mit einem ähnlichen Geschmack wie Ihrem.',
    'Apprécié par des personnes aux goûts proches des vôtres.',
  ],
  FOLLOWED_VENDOR: [
    'From a vendor you follow.',
    'Von einem Anbieter, dem Sie folgen.',
    'Proposé par un prestataire que vous suivez.',
  ],
  NEW_IN_REGION: [
    'New in this region: Switzerland.',
    'Neu in dieser Region: Schweiz.',
    'Nouveau dans cette région\u{A0}: Suisse.',
  ],
  TRENDING_IN_REGION: [
    'Popular right now in this region: Switzerland.',
    'Zurzeit beliebt in dieser Region: Schweiz.',
    'Populaire en ce moment dans cette région\u{A0}: Suisse.',
  ],
  EXPLORING: [
    'A suggestion to help us learn what you like.',
    'Ein Vorschlag, um Ihren Geschmack besser kennenzulernen.',
    'Une suggestion pour mieux connaître vos goûts.',
  ],
  EDITORS_PICK: [
    'Picked by our editors.',
    'Von unserer Redaktion ausgewählt.',
    'Choisi par notre rédaction.',
  ],
};
const kinds: readonly ReasonKind[] = [
  'SIMILAR_TO_SAVED',
  'LIKED_BY_SIMILAR_PEOPLE',
  'FOLLOWED_VENDOR',
  'NEW_IN_REGION',
  'TRENDING_IN_REGION',
  'EXPLORING',
  'EDITORS_PICK',
];
const inRegion = (kind: ReasonKind, region: string | null) => ({ kind, region, category: 'wedding-cakes' });

describe('reasonSentence', () => {
  it.each(kinds)('says %s in each language', (kind) => {
    const reason = inRegion(kind, kind.endsWith('_IN_REGION') ? 'CH' : null);
    expect(['en', 'de', 'fr'].map((locale) => reasonSentence(reason, locale))).toEqual(sentences[kind]);
  });

  it('does without the region where there is none, or no name for it', () => {
    const without = ['Recently published.', 'Vor Kurzem erschienen.', 'Publié récemment.'];
    for (const region of [null, 'ZZ', 'QX']) {
      const said = ['en', 'de', 'fr'].map((locale) =>
        reasonSentence(inRegion('NEW_IN_REGION', region), locale),
      );
      expect(said).toEqual(without);
    }
    const trending = ['en', 'de', 'fr'].map((locale) =>
      reasonSentence(inRegion('TRENDING_IN_REGION', null), locale),
    );
    expect(trending).toEqual(['Popular right now.', 'Zurzeit beliebt.', 'Populaire en ce moment.']);
  });

  it('is one sentence and shows no code', () => {
    for (const kind of kinds) {
      for (const locale of ['en', 'de', 'fr']) {
        for (const region of [null, 'US', 'DE']) {
          const sentence = reasonSentence(inRegion(kind, region), locale);
          expect(sentence).toMatch(/^\p{Lu}[^.]+\.$/u);
          expect(sentence).not.toMatch(/\b[A-Z]{2}\b|_|wedding/);
        }
      }
    }
  });

  it.each([
    ['de-AT', 1],
    ['DE', 1],
    ['fr_CA', 2],
    ['en-GB', 0],
    ['pt-BR', 0],
    ['', 0],
    [null, 0],
  ])('takes the language of %s', (locale, place) => {
    expect(reasonSentence(inRegion('EDITORS_PICK', null), locale)).toBe(sentences.EDITORS_PICK[place]);
  });
});
