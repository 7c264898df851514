import { actorOf } from '#platform/caller/caller.ts';
import type { ExperimentsContext } from '../context.ts';
import { createExperiment } from '../create-experiment.ts';
import type { Experiment } from '../experiment.ts';
import type { MutationResolvers } from '../generated/resolvers.ts';
import { parseDefinition } from '../parse-definition.ts';
import { startExperiment } from '../start-experiment.ts';
import { stopExperiment } from '../stop-experiment.ts';

export const mutationResolvers: MutationResolvers = {
  createExperiment: async (_parent, { input }, context) => {
    const definition = parseDefinition(input);
    await createExperiment(context.database, definition, actorOf(context.caller) ?? 'anonymous');
    return { experiment: await reload(context, definition.key) };
  },

  startExperiment: async (_parent, { key }, context) => {
    await startExperiment(context.database, key);
    return { experiment: await reload(context, key) };
  },

  stopExperiment: async (_parent, { key, reason }, context) => {
    await stopExperiment(context.database, key, reason);
    return { experiment: await reload(context, key) };
  },
};

async function reload({ experiments }: ExperimentsContext, key: string): Promise<Experiment> {
  const experiment = await experiments.clear(key).load(key);
  if (experiment === null) throw new Error(`Experiment ${key} vanished between its write and its read.`);
  return experiment;
}
