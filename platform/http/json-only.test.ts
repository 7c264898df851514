import { describe, expect, it } from 'vitest';
import { requireJson } from './json-only.ts';

function post(type?: string) {
  return { method: 'POST', headers: type === undefined ? {} : { 'content-type': type } };
}

describe('requireJson', () => {
  it('lets JSON through, and what has no body', () => {
    for (const type of ['application/json', 'Application/JSON; charset=utf-8', 'application/graphql+json']) {
      expect(() => requireJson(post(type))).not.toThrow();
    }
    expect(() => requireJson({ method: 'GET', headers: {} })).not.toThrow();
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    'text/plain; application/json',
    'text/plain,application/json',
    'application/jsonp',
    undefined,
  ])('refuses %s', (type) => {
    expect(() => requireJson(post(type))).toThrow(
      expect.objectContaining({ status: 415, code: 'BAD_USER_INPUT' }),
    );
  });
});
