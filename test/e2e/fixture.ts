import type { GraphqlClient } from './graphql-client.ts';

export const regions = ['FR', 'GB', 'US'] as const;

/** A marketplace small enough to reason about, written through the API: `perRegion` contents in each region. */
export async function fillMarketplace(client: GraphqlClient, perRegion: number): Promise<void> {
  const vendors = regions.flatMap((region) =>
    Array.from({ length: 8 }, (_, index) => ({
      id: `vendor-${region}-${index}`,
      name: `Atelier ${region} ${index}`,
      region,
      description: 'Flowers and light.',
      websiteUrl: 'https://vendor.example.com',
    })),
  );
  const kinds = ['floristry', 'photography', 'venues', 'planning'];
  const contents = regions.flatMap((region) =>
    Array.from({ length: perRegion }, (_, index) => ({
      id: `content-${region}-${index}`,
      vendorId: `vendor-${region}-${index % 8}`,
      title: `${index % 3 === 0 ? 'Peony garland' : 'Quiet ceremony'} number ${index}`,
      description: `A long afternoon in ${region}, told in ${index % 9} pictures of a garden wedding.`,
      category: kinds[index % kinds.length],
      region,
      tags: [`style-${index % 5}`, `season-${index % 4}`],
      imageUrl: 'https://images.example.com/one.jpg',
      publishedAt: new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString(),
    })),
  );
  await write(client, 'upsertVendors', 'VendorInput', vendors);
  for (let from = 0; from < contents.length; from += 500) {
    await write(client, 'upsertContents', 'ContentInput', contents.slice(from, from + 500));
  }
  await untilProjected(client, contents.length);
}

async function write(client: GraphqlClient, mutation: string, type: string, input: unknown): Promise<void> {
  const { data, errors } = await client.raw(
    `mutation($input: [${type}!]!) { ${mutation}(input: $input) { rejected { id code message } } }`,
    { input },
  );
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  const payload = JSON.stringify(data?.[mutation]);
  if (payload !== '{"rejected":[]}') throw new Error(payload);
}

/** The feed knows of the catalogue by events, a moment later. */
async function untilProjected(client: GraphqlClient, contents: number): Promise<void> {
  const wanted = Math.min(contents, 100);
  for (let attempt = 0; attempt < 200; attempt++) {
    await client.raw('mutation { refreshFeed { discarded } }', {}, { user: 'probe' });
    const { data } = await client.raw('{ feed(first: 100) { edges { cursor } } }', {}, { user: 'probe' });
    if ((JSON.stringify(data).match(/cursor/g) ?? []).length >= wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The feed did not learn of the catalogue.');
}
