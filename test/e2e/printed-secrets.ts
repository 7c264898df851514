/** Texts that no process may print. */
const secrets = new Set<string>();

/** Shorter parts of a token or a key stand in any text. */
const shortestPart = 12;

/** What looks like a secret, whoever it belongs to. */
const lookalikes = [
  // Header or payload of a JWT: a JSON object in base64url.
  /eyJ[\w-]{10,}/,
  // An API key with its secret; the public id may be printed.
  /bq_live_[0-9A-Za-z]{11}_[0-9A-Za-z]{8,}/,
  /[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}\b/i,
];

/**
 * Has every suite fail that starts a process by `child-server.ts` which prints `text` on standard error, as a word, or a
 * part of it where it is a token or an API key. Returns `text`.
 */
export function neverPrinted(text: string): string {
  secrets.add(text);
  for (const part of text.replace(/^bearer +/i, '').split(/[._]/)) {
    if (part.length >= shortestPart) secrets.add(part);
  }
  return text;
}

/** Every line of `output` in which a secret stands, or what looks like one, cut to the surroundings of the first. */
export function secretsIn(output: string): string[] {
  return output.split('\n').flatMap((line) => {
    const places = [
      ...[...secrets].map((secret) => wordAt(line, secret)),
      ...lookalikes.map((pattern) => line.search(pattern)),
    ].filter((place) => place !== -1);
    const first = Math.min(...places);
    return places.length === 0 ? [] : [line.slice(Math.max(0, first - 200), first + 200)];
  });
}

function wordAt(text: string, word: string): number {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (!/\w/.test(text.charAt(at - 1) + text.charAt(at + word.length))) return at;
  }
  return -1;
}
