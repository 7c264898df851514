import { Prisma } from '#platform/database/generated/client.ts';
import {
  splitUnfinished,
  toPhrase,
  toTsquery,
  toUnfinished,
  wordsOf,
  type MatchMode,
} from './search-query.ts';

/**
 * The score of a matching entry, as an expression over aliases `c` (content.content) and `s` (content.content_stats):
 * where the text was found counts whole numbers, how well and in how good and liked an entry only a fraction of one. So an
 * entry with the text in its title comes before one that has it in its description, however popular the latter is.
 */
export function scoreOf(text: string, mode: MatchMode): Prisma.Sql {
  const place = mode === 'all' ? placeOf(text) : coverageOf(text);
  return Prisma.sql`(${place}) + ${fractionOf(toTsquery(text, mode))}`;
}

/** 3 for the phrase in the title, 2 for all words there, 1 for the phrase elsewhere, else 0. */
function placeOf(text: string): Prisma.Sql {
  return Prisma.sql`
    CASE
      WHEN ts_filter(c.search, '{a}') @@ ${toPhrase(text)} THEN 3
      WHEN ts_filter(c.search, '{a}') @@ ${toTsquery(text, 'all')} THEN 2
      WHEN c.search @@ ${toPhrase(text)} THEN 1
      ELSE 0
    END::float8`;
}

/** 3 times the share of the text's words that the entry has. */
function coverageOf(text: string): Prisma.Sql {
  const words = wordsOf(text);
  if (words.length === 0) return Prisma.sql`0::float8`;
  const unfinished = splitUnfinished(text)?.word.toLowerCase();
  const found = words.map((word) => {
    const whole = Prisma.sql`plainto_tsquery('english', ${word})`;
    const query = word === unfinished ? Prisma.sql`(${whole} || ${toUnfinished(word)})` : whole;
    return Prisma.sql`(c.search @@ ${query})::int`;
  });
  return Prisma.sql`3 * (${Prisma.join(found, ' + ')})::float8 / ${words.length}::float8`;
}

/**
 * 0..1: cover density by field (title 1, vendor, category and tags 0.4, description 0.1) as r/(r + 1), up to a quarter more
 * for engagement (n/(n + 1) of the logarithm of reactions, half at 99), times 0.5 to 1 for quality.
 */
function fractionOf(query: Prisma.Sql): Prisma.Sql {
  const reactions = Prisma.sql`ln(1 + (s.clicks + s.likes + s.saves + s.shares + s.inquiries)::float8)`;
  return Prisma.sql`
    ts_rank_cd('{0.1, 0.1, 0.4, 1}'::real[], c.search, ${query}, 32)::float8
    * (1 + 0.25::float8 * ${reactions} / (${reactions} + ln(100::float8)))
    * (0.5::float8 + c.quality / 2) / 1.25::float8`;
}
