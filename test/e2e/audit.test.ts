import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forms, type RunningForm } from './forms.ts';

const [inProcess] = forms;
const audits = serverAudits({ url: 'http://placeholder.invalid/graphql' });

describe('GraphQL over HTTP, as graphql-http audits it', () => {
  let running: RunningForm;
  beforeAll(async () => {
    if (inProcess === undefined) throw new Error('no form to run');
    running = await inProcess.start();
  });
  afterAll(() => running.close());

  it.each(audits.map((audit) => [audit.id, audit.name]))('%s %s', async (id) => {
    const audit = serverAudits({ url: `${running.client.url}/graphql` }).find(
      (candidate) => candidate.id === id,
    );
    const result = await audit?.fn();
    expect(result).toMatchObject({ status: 'ok' });
  });
});
