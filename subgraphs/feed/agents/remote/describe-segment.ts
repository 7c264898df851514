import { promptText } from '#platform/llm/delimited-json.ts';
import type { TasteClusters } from '../../learning/taste-clusters/taste-clusters.ts';

/** UTF-16 units of a slug at most. Of a cluster there are few. */
const slugLength = 30;

/**
 * A user segment such as `AT:7` in words for a prompt: its region, and what its taste cluster chooses more than others, where
 * that is known. It holds words of vendors, and belongs where a prompt has texts of the catalogue.
 */
export function describeSegment(
  segment: string,
  clusters: Pick<TasteClusters, 'interestsOf'> | null,
): string {
  const [region = '*', cluster = 'new'] = segment.split(':');
  const where = region === '*' ? 'of any region' : `of region ${region}`;
  if (cluster === 'new') return `newcomers ${where}`;
  const { categories = [], tags = [] } = clusters?.interestsOf(Number(cluster)) ?? {};
  const liked = [...categories, ...tags].map((slug) => promptText(slug, slugLength));
  return liked.length === 0 ? `readers ${where}` : `readers ${where} who like ${liked.join(', ')}`;
}
