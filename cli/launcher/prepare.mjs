import { describeInstall, installDependencies } from './dependencies.mjs';
import { generate, generators, isCurrent } from './generated-code.mjs';
import { withLock } from './preparation-lock.mjs';

/**
 * What has to be there before the sources can run: `development` asks for the packages of development too; `code`
 * says which generated code (`database`: the Prisma client, which the server runs; `all`: the types too).
 * @typedef {{ development: boolean, code: 'none' | 'database' | 'all' | 'anew' }} Needs
 */

/**
 * Installs and generates what is missing or stale, and says so. Costs a few milliseconds when nothing is.
 * @param {string} root
 * @param {Needs} needs
 */
export async function prepare(root, needs) {
  if (needs.code !== 'anew' && missing(root, needs) === null) return;
  await withLock(root, async () => {
    // Whoever held the lock before may have done it all.
    const installReason = describeInstall(root, needs);
    if (installReason !== null) await installDependencies(root, installReason);
    const stale = neededGenerators(needs).filter(
      (generator) => needs.code === 'anew' || !isCurrent(root, generator),
    );
    if (stale.length === 0) return;
    // Generators are packages of development, which a production install may have left out.
    const generatorReason = describeInstall(root, { development: true });
    if (generatorReason !== null) await installDependencies(root, generatorReason);
    for (const generator of stale) await generate(root, generator);
  });
}

/**
 * @param {string} root
 * @param {Needs} needs
 */
function missing(root, needs) {
  return (
    describeInstall(root, needs) ??
    neededGenerators(needs).find((generator) => !isCurrent(root, generator)) ??
    null
  );
}

/** @param {Needs} needs */
function neededGenerators({ code }) {
  if (code === 'none') return [];
  return code === 'database'
    ? [generators.databaseClient]
    : [generators.databaseClient, generators.resolverTypes];
}
