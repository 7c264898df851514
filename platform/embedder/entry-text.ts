/** What the catalogue says about an entry. */
export interface EntryWords {
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly vendorName?: string | undefined;
}

/** Characters of a whole text: some 500 words' pieces in English, which the smaller of common models still read. */
export const longestEntryText = 2_000;

/** Characters of all tags together, so that they leave room for the description. */
const longestTags = 500;

/**
 * The text of an entry, `longestEntryText` characters (UTF-16 units) at most: a line each for title, category, tags
 * (comma-separated), vendor and description, without labels, white space folded, and no line for what is blank. The
 * description comes last, because it is what is cut. Slugs stay as they are.
 */
export function entryText({ title, description, category, tags, vendorName = '' }: EntryWords): string {
  const lines = [title, category, cut(tags.map(folded).join(', '), longestTags), vendorName, description];
  return cut(
    lines
      .map(folded)
      .filter((line) => line !== '')
      .join('\n'),
    longestEntryText,
  );
}

/** White space as single spaces. */
function folded(text: string): string {
  return text.toWellFormed().replaceAll(/\s+/gu, ' ').trim();
}

/** The start of `text`, up to the end of a word where one is near enough. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = text.slice(0, limit + 1).search(/[\s,]+\S*$/u);
  if (end > limit / 2) return text.slice(0, end);
  // Between two characters, not between the halves of one.
  return text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '');
}
