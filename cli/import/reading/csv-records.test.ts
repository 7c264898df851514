import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvRecordReader, type CsvRecord } from './csv-records.ts';

/** Records of `text`, its lines handed over in batches of `batch`. */
function read(text: string, batch = 1_000): CsvRecord[] {
  const reader = new CsvRecordReader();
  const lines = text.split('\n').map((line, index) => ({ number: index + 1, text: line }));
  const records: CsvRecord[] = [];
  for (let start = 0; start < lines.length; start += batch) {
    records.push(...reader.push(lines.slice(start, start + batch)));
  }
  return [...records, ...reader.end()];
}

const goodLines = (records: readonly CsvRecord[]) =>
  records.flatMap((record) => ('fields' in record ? [record.fields] : []));
const brokenLines = (records: readonly CsvRecord[]) =>
  records.flatMap((record) => ('broken' in record ? [record.line] : []));

describe('CsvRecordReader', () => {
  it('reads plain, quoted, empty and multi-line fields', () => {
    expect(read('a,b,c\n1,"two, ""2""",\n"3\n3","",x')).toEqual([
      { line: 1, lastLine: 1, fields: ['a', 'b', 'c'] },
      { line: 2, lastLine: 2, fields: ['1', 'two, "2"', ''] },
      { line: 3, lastLine: 4, fields: ['3\n3', '', 'x'] },
    ]);
  });

  it('skips empty lines, keeping the count', () => {
    expect(read('a,b\n\n1,2\n\n')).toEqual([
      { line: 1, lastLine: 1, fields: ['a', 'b'] },
      { line: 3, lastLine: 3, fields: ['1', '2'] },
    ]);
  });

  it.each([
    ['a quote that nothing closes', '2,"open'],
    ['a quote that the next line seems to close', `2,"open,more`],
    ['text behind a closing quote', '2,"x"y'],
    ['a quote in a plain field', '2,x"y'],
    ['too few fields', '2'],
    ['too many fields', '2,3,4'],
    ['nothing but a quote', '"'],
  ])('rejects only the line with %s', (_name, broken) => {
    const text = ['id,title', '1,one', broken, '3,"three, quoted"', '4,"four', 'lines"', '5,five'].join('\n');
    const records = read(text);
    expect(brokenLines(records)).toEqual([3]);
    expect(goodLines(records).slice(1)).toEqual([
      ['1', 'one'],
      ['3', 'three, quoted'],
      ['4', 'four\nlines'],
      ['5', 'five'],
    ]);
  });

  it('rejects only the line of an open quote where the lines behind it have quotes of every kind', () => {
    const neighbours = [
      '3,""',
      '4,""""',
      '5,"""five"""',
      '6,", so"',
      '7,"a ""b"" c"',
      '8,"x',
      'y"',
      '9,nine',
    ];
    const records = read(['id,title', '1,one', '2,"open', ...neighbours].join('\n'));
    expect(brokenLines(records)).toEqual([3]);
    expect(goodLines(records).map(([id]) => id)).toEqual(['id', '1', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('passes an unreadable line on and closes what is open before it', () => {
    const reader = new CsvRecordReader();
    const records = [
      ...reader.push([
        { number: 1, text: 'a,b' },
        { number: 2, text: '1,"open' },
        { number: 3, unreadable: 'is not UTF-8' },
        { number: 4, text: '2,two' },
      ]),
      ...reader.end(),
    ];
    expect(brokenLines(records)).toEqual([2, 3]);
    expect(goodLines(records)).toEqual([
      ['a', 'b'],
      ['2', 'two'],
    ]);
  });

  it('gives up on an open quote after a megabyte', () => {
    const filler = 'x'.repeat(1_000);
    const reader = new CsvRecordReader();
    reader.push([{ number: 1, text: 'a' }]);
    reader.push([{ number: 2, text: '"open' }]);
    let broken: number[] = [];
    for (let number = 3; broken.length === 0 && number < 5_000; number++) {
      broken = brokenLines(reader.push([{ number, text: filler }]));
    }
    expect(broken).toEqual([2]);
  });

  it('reads back whatever was written by the rules, in batches of any size', () => {
    const field = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.string({ unit: fc.constantFrom('"', ',', '\n', 'a', ' '), maxLength: 8 }),
    );
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1 }));
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 7 }), (rows, batch) => {
        const text = rows.map((row) => row.map(quote).join(',')).join('\n');
        expect(goodLines(read(text, batch))).toEqual(rows);
      }),
    );
  });

  it('loses exactly the broken line, wherever it stands among good ones', () => {
    const cell = fc.string({ unit: fc.constantFrom('"', ',', 'a', 'b', ' '), maxLength: 6 });
    const row = fc.tuple(fc.integer({ min: 1, max: 999 }), cell, cell);
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), fc.nat(), fc.nat(), (rows, where, cut) => {
        const good = rows.map(([id, a, b]) => [`id${id}`, a, b]);
        const lines = good.map((fields) => fields.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
        const at = where % (lines.length + 1);
        const broken = `idX,"${'b'.repeat(cut % 5)}`;
        const text = ['id,a,b', ...lines.slice(0, at), broken, ...lines.slice(at)].join('\n');
        const records = read(text);
        expect(brokenLines(records)).toEqual([at + 2]);
        expect(goodLines(records).slice(1)).toEqual(good);
      }),
    );
  });

  it('stays linear on lines that all leave a quote open', () => {
    const lines = Array.from({ length: 50_000 }, (_, index) => `${index},"open`);
    const records = read(['id,title', ...lines].join('\n'));
    expect(brokenLines(records)).toHaveLength(50_000);
  });
});

function quote(text: string): string {
  return text === '' || /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
