/** Maps values to pixels. */
export interface Axis {
  readonly ticks: readonly number[];
  readonly place: (value: number) => number;
}

const steps = [1, 2, 5, 10];

/** An axis over `low` to `high`, widened to round ticks of which there are about `wanted`, between two pixels. */
export function axis(
  [low, high]: readonly [number, number],
  [start, end]: readonly [number, number],
  wanted = 6,
): Axis {
  const size = Math.max(high - low, Number.EPSILON) / wanted;
  const power = 10 ** Math.floor(Math.log10(size));
  const step = power * (steps.find((factor) => factor * power >= size) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return {
    ticks,
    place: (value) => start + ((value - first * step) / ((last - first) * step)) * (end - start),
  };
}
