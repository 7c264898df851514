import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One block of code of a page: a file to write, or commands to run. */
export type Step =
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'commands'; readonly text: string };

const folder = join(import.meta.dirname, '../../docs/how-to');
const block = /^```(?<language>\w+)(?: title=(?<title>\S+))?\n(?<text>[\s\S]*?)^```$/gm;

/**
 * The blocks of code of `docs/how-to/<page>` in order: those with a title are files, those in `sh` commands.
 * @throws Error for a block that is neither, which nobody could follow.
 */
export function readSteps(page: string): Step[] {
  const text = readFileSync(join(folder, page), 'utf8');
  return [...text.matchAll(block)].map(({ groups }) => {
    const { language = '', title, text: code = '' } = groups ?? {};
    if (title !== undefined) return { kind: 'file', path: title, text: code };
    if (language === 'sh') return { kind: 'commands', text: code };
    throw new Error(`${page}: a block in ${language} has no title, and is no command.`);
  });
}
