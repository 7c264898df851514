import { rmSync } from 'node:fs';
import { afterAll } from 'vitest';
import { copyPgliteFolder } from '../support/databases.ts';
import { startChild, type ChildServer } from './child-server.ts';

/** Starts servers and makes data folders for the suite that calls it; kills and removes them after its last test. */
export function ownChildren() {
  const folders: string[] = [];
  const children: ChildServer[] = [];
  afterAll(async () => {
    for (const child of children) {
      child.process.kill('SIGKILL');
      await child.ended;
    }
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  return {
    newFolder: (): string => {
      const folder = copyPgliteFolder();
      folders.push(folder);
      return folder;
    },
    start: async (...given: Parameters<typeof startChild>): Promise<ChildServer> => {
      const child = await startChild(...given);
      children.push(child);
      return child;
    },
  };
}
