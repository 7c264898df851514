import { UsageError } from './command.ts';

/**
 * A check for commands that take a list, which yargs gives only where every option may be repeated: refuses to repeat another
 * one than `lists`.
 * @throws UsageError
 */
export function refuseRepeated(...lists: readonly string[]): (options: Record<string, unknown>) => true {
  return (options) => {
    for (const [name, value] of Object.entries(options)) {
      if (Array.isArray(value) && name !== '_' && !lists.includes(name))
        throw new UsageError(`--${name} must be given once`);
    }
    return true;
  };
}
