import { describe, expect, it } from 'vitest';
import { describeFailure } from './describe-failure.ts';
import { EventContractError } from './event-row.ts';

describe('the description of a failure', () => {
  it('has names, codes and places, and no message', () => {
    const cause = Object.assign(new Error('Key (user_id)=(ada) exists'), { code: '23505' });
    const text = describeFailure(new TypeError('no user ada', { cause }));
    expect(text).toMatch(/^TypeError 23505 at events\/describe-failure\.test\.ts:\d+/);
    expect(text).not.toContain('ada');
  });

  it('tells where a payload breaks its contract', () => {
    const row = { id: 1n, type: 'content.removed', version: 1, payload: {}, created_at: new Date(0) };
    expect(describeFailure(new EventContractError(row, 'contentIds invalid_type'))).toBe(
      'EventContractError: contentIds invalid_type',
    );
  });

  it('does with anything that is thrown, and stays short', () => {
    expect(describeFailure('ada')).toBe('thrown string');
    expect(describeFailure(undefined)).toBe('thrown undefined');
    const endless = Object.assign(new Error('a'), { name: 'x'.repeat(2000) });
    expect(describeFailure(endless)).toHaveLength(500);
  });
});
