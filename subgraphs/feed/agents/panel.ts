import { createHash } from 'node:crypto';
import type { PanelName } from '#platform/config/config.ts';
import { archivistAgent } from './archivist.ts';
import { customAgent, type AgentModule } from './custom-agent.ts';
import { discoveryAgent } from './discovery.ts';
import { engagementForecaster, type ForecasterShelf } from './engagement-forecaster.ts';
import { qualityAgent } from './quality.ts';
import type { FeatureSource } from './ranking-features.ts';
import type { ScoringAgent } from './scoring-agent.ts';
import { serendipityAgent } from './serendipity.ts';

/** Agents that score together. */
export interface Panel {
  readonly name: string;
  readonly agents: readonly ScoringAgent[];
}

export interface PanelParts {
  readonly featuresOf: FeatureSource;
  readonly forecasters: ForecasterShelf;
  /** The module of the custom agent. */
  readonly customModule: () => AgentModule;
}

/** The panel `four` or `six`; `wrap` may put another in an agent's place, as a remote one around its local scorer. */
export function panelOf(
  name: PanelName,
  { featuresOf, forecasters, customModule }: PanelParts,
  wrap: (agent: ScoringAgent) => ScoringAgent = (agent) => agent,
): Panel {
  const four = [
    discoveryAgent(featuresOf),
    qualityAgent(featuresOf),
    archivistAgent(featuresOf),
    serendipityAgent(featuresOf),
  ];
  const six = [...four, engagementForecaster(featuresOf, forecasters), customAgent(featuresOf, customModule)];
  return { name, agents: (name === 'four' ? four : six).map((agent) => wrap(agent)) };
}

/** Changes with the agents of a panel, their versions and their weights: `six-` and ten hexadecimal digits. */
export function panelVersion({ name, agents }: Panel): string {
  const parts = agents.map((agent) => [agent.name, agent.version, agent.weight]);
  return `${name}-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 10)}`;
}
