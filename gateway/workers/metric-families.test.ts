import { Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { metricFamilies, metricFamiliesSchema, metricsText } from './metric-families.ts';

/** The families of a worker, as they come out of a message. */
async function familiesOf(worker: string, lagSeconds: number): Promise<unknown> {
  const registry = new Registry();
  registry.setDefaultLabels({ worker });
  const options = { help: 'h', registers: [registry] };
  new Gauge({ ...options, name: 'lag_seconds', aggregator: 'average' }).set(lagSeconds);
  new Gauge({ ...options, name: 'started', aggregator: 'omit' }).set(1);
  new Histogram({ ...options, name: 'duration', labelNames: ['outcome'], buckets: [0.1] }).observe(
    { outcome: 'ok' },
    0.05,
  );
  return structuredClone(await metricFamilies(registry));
}

describe('metrics of several workers', () => {
  it('stand side by side, none averaged or left out, each family once', async () => {
    const families = [await familiesOf('0', 0.01), await familiesOf('1', 9)];
    const text = await metricsText(families.map((given) => metricFamiliesSchema.parse(given)));
    for (const line of [
      'lag_seconds{worker="0"} 0.01',
      'lag_seconds{worker="1"} 9',
      'started{worker="0"} 1',
      'started{worker="1"} 1',
      'duration_bucket{le="0.1",outcome="ok",worker="0"} 1',
      'duration_count{outcome="ok",worker="1"} 1',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text.match(/# TYPE lag_seconds gauge/g)).toHaveLength(1);
  });

  it('take a NaN, which a gauge without a sample is', async () => {
    const families = metricFamiliesSchema.parse(await familiesOf('0', Number.NaN));
    expect(await metricsText([families])).toContain('lag_seconds{worker="0"} Nan');
  });
});
