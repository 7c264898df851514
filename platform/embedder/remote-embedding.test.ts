import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remoteEmbeddingOf } from './remote-embedding.ts';
import { startEmbeddingsService, type EmbeddingsService } from './test/embeddings-service.ts';

describe('remoteEmbeddingOf', () => {
  let service: EmbeddingsService;
  beforeAll(async () => {
    service = await startEmbeddingsService();
  });
  afterAll(() => service.close());

  const configured = () =>
    remoteEmbeddingOf({
      EMBEDDINGS_BASE_URL: service.baseUrl,
      EMBEDDINGS_API_KEY: undefined,
      EMBEDDINGS_MODEL: 'small',
    });

  it('is none where no service is configured', () => {
    const nothing = {
      EMBEDDINGS_BASE_URL: undefined,
      EMBEDDINGS_API_KEY: undefined,
      EMBEDDINGS_MODEL: 'small',
    };
    expect(remoteEmbeddingOf(nothing)).toBeNull();
  });

  it('asks nothing before it is opened, and then once', async () => {
    service.behave();
    const remote = configured();
    expect(remote?.name).toBe('openai:small');
    expect(service.requests).toHaveLength(0);
    const [first, second] = [await remote?.open(), await remote?.open()];
    expect(first).toBe(second);
    expect(first?.version).toMatch(/^openai:small:\d+$/);
    expect(service.requests).toHaveLength(1);
  });

  it('can be opened after a failure', async () => {
    const remote = configured();
    service.behave({ kind: 'status', status: 404 });
    await expect(remote?.open()).rejects.toThrow('EMBEDDINGS_MODEL');
    expect((await remote?.open())?.version).toContain('small');
  });
});
