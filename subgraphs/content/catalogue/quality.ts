/** The catalogue fields that an entry's quality is judged by. */
export interface Craft {
  readonly title: string;
  readonly description: string;
  readonly imageUrl: string | null;
  readonly tags: readonly string[];
}

const weights = { title: 0.2, description: 0.35, image: 0.25, tags: 0.2 };

/**
 * Returns the craft of an entry, 0..1, from what its catalogue entry says and nothing else, so that the same entry always
 * gets the same score. A weighted mean of four parts; docs/reference/search.md has the table.
 */
export function qualityOf(entry: Craft): number {
  const score =
    weights.title * titleCraft(entry.title) +
    weights.description * descriptionCraft(entry.description) +
    weights.image * (entry.imageUrl === null ? 0 : 1) +
    weights.tags * tagsCraft(entry.tags.length);
  return Math.round(score * 1e4) / 1e4;
}

/** Full from 20 to 80 characters, half from 160 on; a title in capitals alone counts half. */
function titleCraft(title: string): number {
  const { length } = title;
  const band = length < 20 ? length / 20 : 1 - 0.5 * Math.min(1, Math.max(0, (length - 80) / 80));
  const shouts = title === title.toUpperCase() && title !== title.toLowerCase() && length > 4;
  return shouts ? band / 2 : band;
}

/** Different words, full at 40: repeating oneself adds nothing. */
function descriptionCraft(description: string): number {
  const words = new Set(description.toLowerCase().match(/[\p{L}\p{N}]+/gu));
  return Math.min(1, words.size / 40);
}

/** Full from 4 to 15 tags; more look like stuffing and count less, down to half at 30. */
function tagsCraft(count: number): number {
  return count <= 15 ? Math.min(1, count / 4) : 1 - 0.5 * Math.min(1, (count - 15) / 15);
}
