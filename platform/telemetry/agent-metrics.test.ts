import { describe, expect, it } from 'vitest';
import type { BreakerState } from '../resilience/circuit-breaker.ts';
import { Telemetry } from './telemetry.ts';

describe('AgentMetrics', () => {
  it('counts answers and their durations by agent, and shows one state of a breaker', async () => {
    const { agents, metrics } = new Telemetry();
    agents.countAnswer('quality', 'answered', 0.2);
    agents.countAnswer('quality', 'absent', 60);
    let breaker: BreakerState = 'CLOSED';
    agents.watchBreakers(() => [{ agent: 'quality', breaker }]);
    expect(await metrics.registry.metrics()).toContain(
      'bouquet_agent_breaker_state{agent="quality",state="CLOSED"} 1',
    );
    breaker = 'OPEN';
    const page = await metrics.registry.metrics();
    expect(page).toContain('bouquet_agent_answers_total{agent="quality",outcome="answered"} 1');
    expect(page).toContain('bouquet_agent_answers_total{agent="quality",outcome="absent"} 1');
    expect(page).toContain('bouquet_agent_duration_seconds_bucket{le="0.00025",agent="quality"} 1');
    expect(page).toContain('bouquet_agent_duration_seconds_count{agent="quality"} 2');
    expect(page).toContain('bouquet_agent_breaker_state{agent="quality",state="CLOSED"} 0');
    expect(page).toContain('bouquet_agent_breaker_state{agent="quality",state="OPEN"} 1');
  });
});
