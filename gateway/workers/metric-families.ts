import { AggregatorRegistry, type Registry } from 'prom-client';
import { z } from 'zod';

/** Metrics as prom-client gives them for other processes. */
export const metricFamiliesSchema = z
  .array(
    z.looseObject({
      name: z.string(),
      values: z
        .array(
          z.looseObject({
            // zod's number is none of NaN, which a gauge without a sample has, and Infinity.
            value: z.custom<number>((value) => typeof value === 'number'),
            labels: z.record(z.string(), z.union([z.string(), z.number()])),
          }),
        )
        .max(10_000),
    }),
  )
  .max(1_000);

export type MetricFamilies = z.infer<typeof metricFamiliesSchema>;

export async function metricFamilies(registry: Registry): Promise<MetricFamilies> {
  return metricFamiliesSchema.parse(await registry.getMetricsAsJSON());
}

/**
 * The metrics of several processes as Prometheus's text. Each series has to name its process in a label: nothing is added
 * up or averaged, or a worker that hangs would hide behind those that do not.
 */
export function metricsText(processes: readonly MetricFamilies[]): Promise<string> {
  const apart = processes.map((families) => families.map((family) => ({ ...family, aggregator: 'sum' })));
  return AggregatorRegistry.aggregate(apart).metrics();
}
