import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../logging/logger.ts';
import { maskError, maskFormattedError } from './mask-error.ts';
import { badUserInput } from './request-error.ts';

const away = Object.assign(new Error('connect to 10.0.0.7'), { code: 'ECONNREFUSED', syscall: 'connect' });
const bug = new TypeError('ada is not iterable');
const inResolver = (originalError: Error): GraphQLError =>
  new GraphQLError(originalError.message, { originalError, path: ['feed'] });

describe('what a client reads of an error', () => {
  let written = '';
  const logger = createLogger('error', { write: (line) => void (written += line) });

  it('is the error where it has a code for clients', () => {
    expect(maskError(badUserInput('first must be 1 or more.'), 'r1', logger).toJSON()).toEqual({
      message: 'first must be 1 or more.',
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(written).toBe('');
  });

  it.each([
    ['a dependency that is away', away, 'DEPENDENCY_UNAVAILABLE', /^Something that is needed .* Try again/],
    ['a bug', bug, 'INTERNAL_SERVER_ERROR', /^Something went wrong on our side\. Quote request r1/],
  ])('is %s, and never its message, which is logged under the request', (_what, error, code, message) => {
    written = '';
    const masked = maskError(inResolver(error), 'r1', logger).toJSON();
    expect(masked).toEqual({
      message: expect.stringMatching(message),
      path: ['feed'],
      extensions: { code },
    });
    expect(JSON.parse(written)).toMatchObject({ requestId: 'r1', err: { type: error.name } });
    const formatted = {
      message: error.message,
      path: ['feed'],
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    };
    expect(maskFormattedError(formatted, inResolver(error), logger)).toEqual({
      message: expect.stringMatching(/^Something (that is needed|went wrong)/),
      path: ['feed'],
      extensions: { code },
    });
  });
});
