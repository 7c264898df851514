import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxLineBytes, physicalLines, type PhysicalLine } from './physical-lines.ts';

async function read(bytes: Uint8Array, chunkSize: number): Promise<PhysicalLine[]> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkSize) }, (_, index) =>
    bytes.subarray(index * chunkSize, (index + 1) * chunkSize),
  );
  const lines: PhysicalLine[] = [];
  for await (const batch of physicalLines(stream(chunks))) lines.push(...batch);
  return lines;
}

async function* stream(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Promise.resolve(chunk);
}

describe('physicalLines', () => {
  it('gives the same lines whatever the size of the chunks', async () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n\uFEFF]/g, ''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1 }),
        fc.integer({ min: 1, max: 40 }),
        async (texts, size) => {
          const lines = await read(Buffer.from(texts.map((text) => `${text}\n`).join('')), size);
          expect(lines).toEqual(texts.map((text, index) => ({ number: index + 1, text })));
        },
      ),
    );
  });

  it('drops the byte order mark, CRLF, and needs no line break at the end', async () => {
    expect(await read(Buffer.from('\uFEFFa,b\r\n1,2\r\nlast'), 1_000)).toEqual([
      { number: 1, text: 'a,b' },
      { number: 2, text: '1,2' },
      { number: 3, text: 'last' },
    ]);
  });

  it.each([7, 64 * 1024, 10 * maxLineBytes])(
    'passes over what it cannot read, in chunks of %i',
    async (size) => {
      const bytes = Buffer.concat([
        Buffer.from('one\n'),
        Buffer.from([0xff, 0xfe, 0x0a]),
        Buffer.from('two\n'),
        ...(size > 7 ? [Buffer.alloc(maxLineBytes + 1, 0x78), Buffer.from('\n')] : []),
        Buffer.from('three\n'),
      ]);
      const lines = await read(bytes, size);
      expect(lines.map((line) => ('text' in line ? line.text : line.unreadable))).toEqual([
        'one',
        'is not UTF-8',
        'two',
        ...(size > 7 ? [`is longer than ${maxLineBytes} bytes`] : []),
        'three',
      ]);
    },
  );
});
