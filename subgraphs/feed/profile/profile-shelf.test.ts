import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../../test/support/databases.ts';
import { platformOn } from '../../../test/support/subgraph.ts';
import { updateProfile } from './profile.ts';
import { ProfileShelf, type ProfileShelfOptions } from './profile-shelf.ts';

const at = { region: 'AT', locale: null };
const nothing = { region: null, locale: null };

describe.each(databases)('profiles on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await updateProfile(database, 'ada', { region: 'AT' });
  });
  afterAll(() => database.close());

  /** A shelf whose database can be taken away. */
  const openShelf = (
    options: Partial<ProfileShelfOptions> = {},
  ): { shelf: ProfileShelf; down: (value: boolean) => void } => {
    let isDown = false;
    const refused = (): Promise<never> => Promise.reject(new Error('connect ECONNREFUSED'));
    const on: Database = {
      ...database,
      read: (...call) => (isDown ? refused() : database.read(...call)),
      get prisma() {
        if (isDown) throw new Error('connect ECONNREFUSED');
        return database.prisma;
      },
    };
    return {
      shelf: new ProfileShelf(platformOn(on), { deadlineMs: 20_000, ...options }),
      down: (value) => {
        isDown = value;
      },
    };
  };

  it('are known without the database once they were read, and so is that somebody has none', async () => {
    const { shelf, down } = openShelf();
    await shelf.load();
    down(true);
    expect(await shelf.read(['ada', 'nobody'])).toEqual([at, nothing]);
  });

  it('are not made up where they cannot be read', async () => {
    const { shelf, down } = openShelf();
    expect(await shelf.read(['ada'])).toEqual([at]);
    down(true);
    expect(await shelf.read(['ada', 'bob'])).toEqual([
      at,
      expect.objectContaining({ code: 'DEPENDENCY_UNAVAILABLE' }),
    ]);
  });

  it('follow what was changed since, here and elsewhere', async () => {
    const { shelf, down } = openShelf();
    await shelf.load();
    await updateProfile(database, 'cleo', { region: 'DE' });
    await shelf.load();
    await updateProfile(database, 'dora', { region: 'FR' });
    await shelf.read(['dora']);
    await updateProfile(database, 'cleo', { region: null });
    await shelf.read(['cleo']);
    down(true);
    expect(await shelf.read(['cleo', 'dora'])).toEqual([nothing, { region: 'FR', locale: null }]);
    shelf.forget('dora');
    expect(await shelf.read(['dora'])).toEqual([nothing]);
  });

  it('are not made up for those for whom there is no room, however often they are read', async () => {
    for (const subject of ['ned', 'ole', 'pia', 'quin']) {
      await updateProfile(database, subject, { region: 'AT' });
    }
    const { shelf, down } = openShelf({ maxProfiles: 2 });
    await shelf.load();
    await database.prisma.feedProfile.updateMany({ data: { updatedAt: new Date(0) } });
    await shelf.load();
    await updateProfile(database, 'quin', { locale: 'de' });
    await shelf.load();
    down(true);
    expect(await shelf.read(['somebody'])).toEqual([
      expect.objectContaining({ code: 'DEPENDENCY_UNAVAILABLE' }),
    ]);
  });
});
