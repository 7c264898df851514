import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyFolder } from './copy-folder.ts';

describe('the folder of copies', () => {
  const of = (url: string): string => copyFolder({ DATABASE_URL: url, DATA_DIR: '/data' });

  it('is another for each database, whoever signs in', () => {
    const folder = of('postgresql://ada:secret@db.example.com/bouquet');
    expect(folder.startsWith(join('/data', 'copies'))).toBe(true);
    expect(of('postgresql://bob:other@db.example.com/bouquet')).toBe(folder);
    expect(of('postgresql://ada:secret@db.example.com/other')).not.toBe(folder);
    expect(of('postgresql://ada:secret@replica.example.com/bouquet')).not.toBe(folder);
    expect(copyFolder({ DATABASE_URL: undefined, DATA_DIR: '/data' })).not.toBe(folder);
  });
});
