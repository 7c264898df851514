import type { Candidate, Selector } from '../pipeline/component.ts';

/**
 * Lets a vendor have at most `cap` items in each stretch of `window`; what is over waits for the next stretch and
 * goes first there. It changes the order only: nothing is lost, and where nobody else is left the cap gives way.
 */
export function vendorCapSelector({ cap, window }: { cap: number; window: number }): Selector {
  return {
    name: 'vendor-cap-selector',
    // Who asks for vendors by name wants those vendors.
    enabled: ({ filter }) => filter.vendorIds.length === 0,
    select: (query, candidates) => {
      const selected: Candidate[] = [];
      let waiting = candidates;
      while (waiting.length > 0 && selected.length < query.size) {
        const { taken, left } = takeStretch(waiting, cap, window);
        selected.push(...taken);
        waiting = left;
      }
      return selected;
    },
  };
}

function takeStretch(
  candidates: readonly Candidate[],
  cap: number,
  window: number,
): { taken: readonly Candidate[]; left: readonly Candidate[] } {
  const perVendor = new Map<string, number>();
  const taken: Candidate[] = [];
  const left: Candidate[] = [];
  for (const [index, candidate] of candidates.entries()) {
    if (taken.length === window) {
      left.push(...candidates.slice(index));
      break;
    }
    const vendorId = candidate.facts?.vendorId ?? '';
    const count = perVendor.get(vendorId) ?? 0;
    if (count < cap) {
      perVendor.set(vendorId, count + 1);
      taken.push(candidate);
    } else {
      left.push(candidate);
    }
  }
  const missing = window - taken.length;
  return { taken: [...taken, ...left.slice(0, missing)], left: left.slice(missing) };
}
