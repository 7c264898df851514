import type { BouquetEvent } from '#platform/events/contracts.ts';
import type { OnceConsumer } from '#platform/events/once-consumer.ts';
import { updateArms, usualRewards, type RewardRules } from './exploration/update-arms.ts';
import { addPopularity } from './interactions/popularity.ts';
import { countPositives, requestTraining } from './learning/model-version.ts';
import { projectCatalogue, projectRemoval } from './project-catalogue.ts';
import { inferVectors } from './vectors/infer-vectors.ts';

/** What the feed does with events; `onTrainingRequested` is called before the request is committed. */
export function feedConsumers(
  onTrainingRequested: () => void,
  rewards: RewardRules = usualRewards,
): readonly OnceConsumer[] {
  return [
    catalogueConsumer,
    popularityConsumer,
    rewardsConsumer(rewards),
    trainingConsumer(onTrainingRequested),
  ];
}

/** Keeps the projection of the catalogue, and the vectors of what changed. */
const catalogueConsumer: OnceConsumer = {
  name: 'feed.catalogue',
  types: ['content.changed', 'content.removed'],
  handle: async (tx, events) => {
    for (const event of events) {
      if (event.type === 'content.changed') await projectCatalogue(tx, event.payload, event.createdAt);
      if (event.type === 'content.removed') {
        await projectRemoval(tx, event.payload.contentIds, event.createdAt);
      }
    }
    const changed = events.flatMap((event) =>
      event.type === 'content.changed' ? event.payload.contents : [],
    );
    await inferVectors(tx, [...new Map(changed.map((content) => [content.id, content])).values()]);
  },
};

/** Adds what was recorded to the popularity of items, a batch of calls in one statement. */
const popularityConsumer: OnceConsumer = {
  name: 'feed.popularity',
  types: ['interactions.recorded'],
  gathers: true,
  handle: async (tx, events) => {
    const interactions = events.flatMap((event) => recordedBy(event));
    await addPopularity(tx, interactions);
    await countPositives(tx, interactions);
  },
};

/** Counts impressions and rewards of arms, a batch of calls in a few statements. */
function rewardsConsumer(rules: RewardRules): OnceConsumer {
  return {
    name: 'feed.rewards',
    types: ['interactions.recorded'],
    gathers: true,
    handle: async (tx, events) => {
      const latest = events.at(-1);
      if (latest === undefined) return;
      const calls = events.flatMap((event) =>
        event.type === 'interactions.recorded' ? [event.payload] : [],
      );
      await updateArms(tx, calls, rules, latest.createdAt);
    },
  };
}

/** Asks for a training after each import. */
function trainingConsumer(onTrainingRequested: () => void): OnceConsumer {
  return {
    name: 'feed.training',
    types: ['import.completed'],
    handle: async (tx, events) => {
      const latest = events.at(-1);
      if (latest === undefined) return;
      await requestTraining(tx, latest.createdAt);
      onTrainingRequested();
    },
  };
}

function recordedBy(event: BouquetEvent) {
  if (event.type !== 'interactions.recorded') return [];
  return event.payload.interactions.map(({ contentId, type, occurredAt }) => ({
    contentId,
    type,
    occurredAt: new Date(occurredAt),
  }));
}
