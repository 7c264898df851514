/** Words, with those of a slug or compound held together. */
const compound = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[-_][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*/gu;

/** A run of letters of a script that is written without spaces. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u30FC]+/gu;

/** More is no word. */
const longestToken = 64;

/**
 * The tokens of `text`, repeated ones as often as they come: words in lower case, without accents and plural endings;
 * a slug whole and its words (`boho-wedding` is `boho-wedding`, `boho` and `wedding`); pairs of neighbouring letters
 * where a script has no spaces. What a trained model knows are these tokens: whoever changes them raises the layout
 * version of `local-embedding.ts`.
 */
export function tokenise(text: string): string[] {
  const tokens: string[] = [];
  const add = (word: string): void => {
    // One letter or digit says nothing; what is left of `bride's`, for one.
    if (word.length > 1 && word.length <= longestToken) tokens.push(singular(word));
  };
  for (const [whole] of withoutAccents(text).toLowerCase().matchAll(compound)) {
    const words = whole.split(/[-_]/);
    if (words.length > 1) add(whole);
    for (const word of words) {
      for (const run of word.match(unspaced) ?? []) tokens.push(...pairs(run));
      for (const spaced of word.split(unspaced)) add(spaced);
    }
  }
  return tokens;
}

function withoutAccents(text: string): string {
  // Only the accents of Latin, Greek and Cyrillic: in other scripts marks are vowels.
  return text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036F]/g, '')
    .normalize('NFC');
}

function pairs(run: string): string[] {
  const letters = Array.from(run);
  if (letters.length === 1) return letters;
  return letters.slice(1).map((letter, index) => `${letters[index] ?? ''}${letter}`);
}

/**
 * The word without its plural ending, so that both forms are one token, be it a word or not: the S stemmer (Harman,
 * "How effective is suffixing?", 1991), which here also brings `cookies` to `cookie`, `trees` to `tree` and `dresses` to
 * `dress`.
 */
function singular(word: string): string {
  if (word.length < 4) return word;
  // `pies` is not of `py`.
  const ending = word.length === 4 ? undefined : /(?:ie|(?<![ae])ies)$/.exec(word);
  if (ending != null) return `${word.slice(0, ending.index)}y`;
  if (/(?:ss|sh|ch|x|zz)es$/.test(word)) return word.slice(0, -2);
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}
