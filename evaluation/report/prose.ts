/** What the figures mean. */
export const measured: readonly string[] = [
  'A bar decides whether the command ends with 0 or 1; an aim does not. Splits, metrics, ties and published figures are ' +
    'those of the reference table that comes with the data (`REFERENCE.md`, computed with numpy and scipy): recall@k is ' +
    'hits in the first k / min(k, held-out items), each metric a mean over users. Intervals are 95 % percentile bootstraps ' +
    'over users, 2,000 resamples; differences are resampled user by user. Intra-list diversity is 1 − the mean cosine ' +
    'of the plain tag sets of each pair in the first 20. Our parameters were chosen on splits of the training pairs, the ' +
    'published ones on the held-out pairs themselves, so the best of those are slightly optimistic; the weights for new books were chosen anew, on more validation splits, after one look at the held-out pairs.',
];

/** Which code was measured. */
export const whatRuns: readonly string[] = [
  '## What is measured',
  'The training pairs are imported into an empty PGlite by `runImport`, the function of `bouquet import`, and trained on ' +
    'by `trainItemNeighbours` and `trainItemVectors`, those of `bouquet train`. Then:',
  '- **Ranking alone** is `feedPipeline` of `subgraphs/feed/pipeline.ts`, run by `runPipeline`, with every candidate of the ' +
    'evaluation in place of what the sources find and without the selectors: taste hydrator, vector hydrator on a ' +
    "usearch index that `VectorSupply` fills, filters, and the panel of agents. The catalogue hydrator's facts are read once for " +
    'everybody. No exploration, no MMR, no caps.\n' +
    '- **Weighted sum alone** is the same by what scores where no agent answers.\n' +
    "- **With MMR and caps** is the same ranking through the pipeline's selectors. The other orders are " +
    '`diversitySelector` with other options.\n' +
    '- **By the forecaster alone** is the order of the probability that `trainForecaster` gives. The data has no impressions, so ' +
    'it learns from choices that it holds out among items that were not chosen.\n' +
    '- **As served** is `feed(first: 20)` over HTTP from `bouquet start` on the same folder, and so has sources, deadlines ' +
    'and whatever else a user gets. The server trains nothing meanwhile; the command fails if it does.',
  'goodbooks has no times, so recency says nothing there; books count as published in their year, so that freshness is ' +
    'nothing either. In ml-latest-small popularity decays by the times of the likes, over two decades with a half-life of ' +
    'a week, so only the last weeks count in it. Regions are all the same.',
  'To repeat it: `npm run evaluate`, `npm run evaluate -- --help` for parts of it. The data is not in the repository.',
];

/** What the data's licences ask for. */
export const attribution: readonly string[] = [
  '## Data',
  'Figures and aggregates only, no rows of the data. goodbooks-10k by Zygmunt Zając, CC BY-SA 4.0. MovieLens ' +
    'ml-latest-small: F. Maxwell Harper and Joseph A. Konstan, "The MovieLens Datasets: History and Context", ACM ' +
    'Transactions on Interactive Intelligent Systems 5, 4 (2015); for non-commercial research. Neither endorses this.',
];
