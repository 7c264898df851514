import type { AgentModule } from './custom-agent.ts';

/**
 * The module of the custom agent where the operator has none: what the marketplace itself would show. Half of it are the
 * editors' picks, and a quarter each whether the vendor is followed and how new the item is.
 */
export const houseModule: AgentModule = {
  description: 'What the marketplace would show: picks of the editors, news, and of followed vendors.',
  version: 'house-1',
  weight: 0.1,
  deadlineMs: 50,
  score: (items) =>
    items.map(({ editorial, followed, freshness }) => 0.5 * editorial + 0.25 * followed + 0.25 * freshness),
};
