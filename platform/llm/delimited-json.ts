/**
 * `value` as JSON between `<tag>` and `</tag>`, one line for each element. Inside of it `<`, `>` and `&` are escaped as JSON
 * allows (`\u003c`), so that no text in it can end it or begin another. `tag` is a word of ours.
 */
export function delimitedJson(tag: string, values: readonly unknown[]): string {
  const lines = values.map((value) => JSON.stringify(value).replaceAll(/[<>&]/g, escaped));
  return `<${tag}>\n${lines.join('\n')}\n</${tag}>`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Characters that a reader does not see but a model may obey: controls, formats, and those of no script. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]+/gu;

/** A text for a prompt: white space folded, what cannot be seen left out, `limit` UTF-16 units at most. */
export function promptText(text: string, limit: number): string {
  // Twice the limit is plenty for what is folded, and bounds the work.
  const seen = text
    .slice(0, 2 * limit)
    .toWellFormed()
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(unseen, '')
    .trim();
  return seen.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '');
}
