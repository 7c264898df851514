import { GraphQLError, parse, type DocumentNode, type ParseOptions, type Source } from 'graphql';
import { tooComplex } from './check-document.ts';
import { documentLimits } from './document-limits.ts';

/**
 * Parses a document of at most 1,000 tokens. A longer one is read no further than that.
 * @throws RequestError `QUERY_TOO_COMPLEX` for a longer one, and GraphQL's own error for what is no document.
 */
export function parseDocument(source: string | Source, options: ParseOptions = {}): DocumentNode {
  const { tokens } = documentLimits;
  try {
    return parse(source, { ...options, maxTokens: tokens });
  } catch (error) {
    // The parser has no other sign of it than its text.
    if (error instanceof GraphQLError && error.message.includes(`more that ${tokens} tokens`)) {
      throw tooComplex(`The document has more than ${tokens} tokens, which is the limit.`);
    }
    throw error;
  }
}

/**
 * Refuses a text that is too long to be kept beside what it was parsed to: spaces and comments are no tokens.
 * @throws RequestError `QUERY_TOO_COMPLEX`
 */
export function checkLength({ length }: string): void {
  const { characters } = documentLimits;
  if (length <= characters) return;
  throw tooComplex(
    `The document has ${length} characters; the limit is ${characters}. Send values as variables.`,
  );
}
