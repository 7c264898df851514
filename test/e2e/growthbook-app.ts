import { GrowthBookClient } from '@growthbook/growthbook';

/**
 * An application of its own that knows nothing of Bouquet but `API_HOST` and `CLIENT_KEY`: prints, as JSON, for each
 * feature the variants that the users `user-0` to `user-9999` get, in their order, and null for who takes no part.
 */
const client = new GrowthBookClient({
  apiHost: process.env['API_HOST'] ?? '',
  clientKey: process.env['CLIENT_KEY'] ?? '',
});
const { success, error } = await client.init({ timeout: 5_000 });
if (!success) throw new Error('The SDK did not get the features.', { cause: error });

const assigned = Object.fromEntries(
  Object.keys(client.getFeatures()).map((feature) => [
    feature,
    Array.from({ length: 10_000 }, (_, index) => {
      const { experimentResult: result } = client.evalFeature(feature, {
        attributes: { id: `user-${index}` },
      });
      return result?.inExperiment === true ? result.key : null;
    }),
  ]),
);
process.stdout.write(JSON.stringify(assigned));
