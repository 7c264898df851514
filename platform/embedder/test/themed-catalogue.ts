import type { EntryWords } from '../entry-text.ts';

/** Words of made-up themes; no word is in two of them. */
const themes = {
  'rustic-barn':
    'barn hay timber lantern burlap orchard wagon farmhouse mason jar wildflower gingham meadow oak',
  'beach-sunset':
    'beach sand tide driftwood seashell palm surf coral lagoon sunset sailcloth barefoot dune pier',
  'city-loft':
    'loft rooftop brick skyline neon concrete warehouse elevator steel penthouse subway mural taxi urban',
  'winter-lodge': 'snow pine fur sleigh fireplace ski frost cabin icicle evergreen alpine wool cocoa lodge',
  'garden-tea':
    'peony rose trellis teacup scone gazebo ivy hedge lawn porcelain lace macaron fountain topiary',
  'desert-boho':
    'cactus macrame pampas terracotta rug adobe canyon feather rattan mesa agave moroccan copper dust',
};

/** Words that any entry may have. */
const common = 'wedding photographer couple beautiful day love our ceremony guests with the and style'.split(
  ' ',
);

export interface ThemedEntry extends EntryWords {
  readonly theme: string;
}

/**
 * A made-up catalogue, the same each time: entries of six themes, each with a few words of its theme and several that
 * all share, so that two of one theme often have no word of it in common.
 */
export function themedCatalogue(perTheme: number): ThemedEntry[] {
  const random = xorshift(7);
  const pick = (words: readonly string[], count: number): string[] =>
    Array.from({ length: count }, () => words[random() % words.length] ?? '');
  return Object.entries(themes).flatMap(([theme, list]) => {
    const words = list.split(' ');
    return Array.from({ length: perTheme }, () => {
      return {
        theme,
        title: [...pick(words, 1), ...pick(common, 2)].join(' '),
        description: [...pick(words, 3), ...pick(common, 8)].join(' '),
        category: 'inspiration',
        tags: pick(words, 1),
      };
    });
  });
}

/** Marsaglia's generator (2003). */
function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
