import { errorChain } from '../errors/error-chain.ts';
import { EventContractError } from './event-row.ts';

/** Characters that a description has at most. */
const longest = 500;

/**
 * What failed and where, for a log line or a dead letter: names, codes and places in our code. Never a message, since
 * those of databases and validators quote values.
 */
export function describeFailure(error: unknown): string {
  if (error instanceof EventContractError) return cut(`${error.name}: ${error.mismatch}`);
  const chain = errorChain(error);
  const [outermost] = chain;
  if (outermost === undefined) return `thrown ${typeof error}`;
  const codes = new Set(
    chain.flatMap(({ code, originalCode, kind, status }) =>
      [code, originalCode, kind, status?.toString()].filter((each) => each !== undefined),
    ),
  );
  const places = new Set(chain.flatMap(({ stack = '' }) => placesIn(stack)));
  const words = [outermost.name ?? 'unnamed error', ...codes].join(' ');
  return cut(places.size === 0 ? words : `${words} at ${[...places].slice(0, 3).join(', ')}`);
}

/** `folder/file.ts:line` of each frame outside of the dependencies, innermost first. */
function placesIn(stack: string): string[] {
  return stack.split('\n').flatMap((line) => {
    if (!line.startsWith('    at ') || line.includes('node_modules')) return [];
    const place = /[/\\]([\w.-]+[/\\][\w.-]+\.(?:ts|mjs|js):\d+):\d+\)?$/.exec(line)?.[1];
    return place === undefined ? [] : [place.replace('\\', '/')];
  });
}

function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
