import { CommandError } from '../command.ts';

/**
 * The public id in what the operator gives: the id, or a whole key as it was found in a log.
 */
export function keyIdOf(text: string): string {
  return /^bq_live_([0-9A-Za-z]+)(_|$)/.exec(text)?.[1] ?? text;
}

/** The error for an id that no key has. */
export function unknownKey(id: string): CommandError {
  return new CommandError(`no key has the id ${id}: bouquet keys list prints those that there are.`);
}
