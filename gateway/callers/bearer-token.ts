import { z } from 'zod';
import { refused } from './credential.ts';
import { hasUniqueMembers } from './unique-members.ts';

/** Longest token in bytes; what an identity provider issues has one or two thousand. */
const maxTokenBytes = 8 * 1024;

const compactForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const headerSchema = z.looseObject({ typ: z.string().optional() });
/** RFC 7519 and RFC 9068. Of another type are the logout and event tokens that the same issuer may sign. */
const tokenTypes = new Set(['jwt', 'at+jwt', 'application/at+jwt']);

/** Refuses a token that is too long, before any work is done for it. */
export function checkTokenSize(token: string): void {
  if (token.length > maxTokenBytes)
    throw refused(`The token is refused: it has over ${maxTokenBytes} bytes.`);
}

/**
 * Refuses what is no JWT in compact form (RFC 7515, 7.1) that everybody reads alike, before its signature is looked at:
 * other characters, no JSON, a name twice in one object, a token of another type.
 * @throws RequestError `UNAUTHENTICATED`
 */
export function checkTokenForm(token: string): void {
  if (!compactForm.test(token)) throw refused('The token is refused: it is not a signed JWT.');
  const [header = '', payload = ''] = token.split('.', 2);
  const { success, data } = headerSchema.safeParse(jsonOf(header));
  if (!success || (data.typ !== undefined && !tokenTypes.has(data.typ.toLowerCase()))) {
    throw refused('The token is refused: its header is not that of a JWT.');
  }
  jsonOf(payload);
}

function jsonOf(part: string): unknown {
  const text = Buffer.from(part, 'base64url').toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused('The token is refused: it is not a signed JWT.');
  }
  if (!hasUniqueMembers(text)) throw refused('The token is refused: it names a member twice.');
  return value;
}
