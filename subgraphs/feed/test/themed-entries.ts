import { themedCatalogue } from '#platform/embedder/test/themed-catalogue.ts';
import { entry, type Entry } from './catalogue.ts';

/** Entries of six made-up themes, `perTheme` of each; their ids begin with the theme: `rustic-barn-0` and so on. */
export function themedEntries(perTheme: number): Entry[] {
  return themedCatalogue(perTheme).map(({ theme, title, description, category, tags }, index) =>
    entry(`${theme}-${index % perTheme}`, { title, description, category, tags: [...tags] }),
  );
}
