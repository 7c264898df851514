import { Prisma } from '#platform/database/generated/client.ts';
import { badUserInput } from '#platform/errors/request-error.ts';

/** How a search matches: by all words of the text, or by any of them. */
export type MatchMode = 'all' | 'any';

const maxText = 200;
const maxWords = 16;

/**
 * Returns the text trimmed, with single spaces and without accents, as content.fold does it for what is searched.
 * @throws RequestError `BAD_USER_INPUT` unless it has 1 to 200 characters after trimming.
 */
export function checkText(text: string): string {
  // The bound before the work: a text of a megabyte is not worth a look.
  const trimmed = text.length > 10 * maxText ? text : text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  if (trimmed === '' || trimmed.length > maxText) {
    throw badUserInput(`text must have 1 to ${maxText} characters after trimming.`);
  }
  return trimmed
    .replaceAll(/[“”„«»]/g, '"')
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036F]/g, '');
}

/** Whether a text quotes or excludes, and so says exactly what it wants. */
export function isExact(text: string): boolean {
  return /"|(^| )-/.test(text);
}

/** The different words of a text, at most 16, without operators. */
export function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return [...new Set(words)].slice(0, maxWords);
}

/**
 * Splits off the last word where it may be one that is still being typed: a plain word, not part of a quotation, an
 * exclusion or an alternative. Returns null where it is not.
 */
export function splitUnfinished(text: string): { head: string; word: string } | null {
  const found = /^(?<head>.*?)(?<word>[\p{L}\p{N}]+)$/u.exec(text);
  const head = found?.groups?.['head'];
  const word = found?.groups?.['word'];
  if (head === undefined || word === undefined) return null;
  if (head !== '' && !head.endsWith(' ')) return null;
  const quotes = head.split('"').length - 1;
  if (quotes % 2 === 1 || /(^|\s)or\s$/i.test(head) || word.toLowerCase() === 'or') return null;
  return { head: head.trim(), word };
}

/** The `tsquery` of a checked text; all of it is constant for the planner, so that the index serves it. */
export function toTsquery(text: string, mode: MatchMode): Prisma.Sql {
  if (mode === 'any') {
    const words = wordsOf(text).join(' ');
    const exact = Prisma.sql`replace(plainto_tsquery('english', ${words})::text, ' & ', ' | ')::tsquery`;
    const unfinished = splitUnfinished(text);
    return unfinished === null ? exact : Prisma.sql`(${exact} || ${toUnfinished(unfinished.word)})`;
  }
  const unfinished = splitUnfinished(text);
  if (unfinished === null) return wholeWords(text);
  const last = Prisma.sql`(websearch_to_tsquery('english', ${unfinished.word}) || ${toUnfinished(unfinished.word)})`;
  if (unfinished.head === '') return last;
  return Prisma.sql`(websearch_to_tsquery('english', ${unfinished.head}) && ${last})`;
}

/** The words of the text next to each other; nothing where they are stop words alone. */
export function toPhrase(text: string): Prisma.Sql {
  return Prisma.sql`phraseto_tsquery('english', ${text})`;
}

/** Stop words alone leave nothing of a text; then they are looked for as they are. */
function wholeWords(text: string): Prisma.Sql {
  return Prisma.sql`(
    CASE WHEN numnode(websearch_to_tsquery('english', ${text})) > 0
      THEN websearch_to_tsquery('english', ${text})
      ELSE websearch_to_tsquery('simple', ${text})
    END)`;
}

/** Words that begin with `word`, which has letters and digits alone, so that it needs no quoting. */
export function toUnfinished(word: string): Prisma.Sql {
  return Prisma.sql`to_tsquery('simple', ${word}::text || ':*')`;
}
