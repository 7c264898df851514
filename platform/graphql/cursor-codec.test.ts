import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CursorCodec } from './cursor-codec.ts';

const [newKey, oldKey, otherKey] = [1, 2, 3].map((seed) => Buffer.alloc(32, seed).toString('base64'));
const codec = new CursorCodec([newKey ?? '', oldKey ?? '']);
const schema = z.object({ id: z.string(), position: z.number() });

describe('CursorCodec', () => {
  it('gives back what it signed', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), (id, position) => {
        expect(codec.open('feed', codec.sign('feed', { id, position }), schema)).toEqual({ id, position });
      }),
    );
  });

  it('refuses a changed, cut, foreign or other kind of token with BAD_USER_INPUT', () => {
    const token = codec.sign('feed', { id: 'a', position: 3 });
    const foreign = new CursorCodec([otherKey ?? '']).sign('feed', { id: 'a', position: 3 });
    const changes = fc
      .nat(token.length - 1)
      .map((at) => token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1));
    const cuts = fc.nat(token.length - 1).map((at) => token.slice(0, at));
    fc.assert(
      fc.property(
        fc.oneof(changes, cuts, fc.string(), fc.constant(foreign), fc.constant('x'.repeat(10_000))),
        (broken) => {
          expect(() => codec.open('feed', broken, schema)).toThrow(
            expect.objectContaining({ code: 'BAD_USER_INPUT' }),
          );
        },
      ),
    );
    expect(() => codec.open('changes', token, schema)).toThrow('cursor');
  });

  it('verifies with an older key and signs with the newest', () => {
    const old = new CursorCodec([oldKey ?? '']).sign('feed', { id: 'a', position: 1 });
    expect(codec.open('feed', old, schema)).toEqual({ id: 'a', position: 1 });
    const onlyNew = new CursorCodec([newKey ?? '']);
    expect(onlyNew.open('feed', codec.sign('feed', { id: 'b', position: 2 }), schema).id).toBe('b');
  });
});
