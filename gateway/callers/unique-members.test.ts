import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasUniqueMembers } from './unique-members.ts';

describe('hasUniqueMembers', () => {
  it('is true of whatever a writer of JSON writes, and false once a member is repeated', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.string(),
        fc.jsonValue(),
        fc.boolean(),
        (value, name, inner, indented) => {
          const json = JSON.stringify({ [name]: value, nested: [{ [name]: inner }] }, null, indented ? 2 : 0);
          expect(hasUniqueMembers(json)).toBe(true);
          const member = `${JSON.stringify(name)} : ${JSON.stringify(inner)}`;
          expect(hasUniqueMembers(json.replace('{', () => `{${member},`))).toBe(false);
        },
      ),
    );
  });

  it.each([
    [String.raw`{"a":1,"\u0061":2}`, false],
    ['[{"a":1},{"a":1}]', true],
    ['{"a":{"a":1},"b":["a","a"]}', true],
    ['{"a":"\\"a\\":1, \\"a\\":2"}', true],
    ['{"__proto__":1,"__proto__":2}', false],
    ['"a"', true],
    ['[]', true],
  ])('%s: %s', (json, expected) => expect(hasUniqueMembers(json)).toBe(expected));
});
