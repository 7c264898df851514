import type { Database } from '#platform/database/database.ts';
import { contentColumns, type ContentRow } from '../catalogue/content-row.ts';
import { withinBound, type VendorBound } from '../catalogue/vendor-bound.ts';

/** Candidates per entry by rare tags, by words of the title, and of the same category. */
const candidates = { tags: 1000, words: 200, category: 50 };
/** An entry whose rare tags reach fewer others is looked for by the words of its title too. */
const enoughByTags = 50;

/**
 * Returns the live entries within `bound` of the same region that are most like each of `ids`, at most `first` each, in the order of the
 * ids; one statement for all of them. The score adds up, in docs/reference/search.md: shared tags weighted by inverse
 * document frequency, the same category, and the title's words in the other's text.
 */
export async function readSimilar(
  { prisma }: Database,
  ids: readonly string[],
  first: number,
  bound: VendorBound,
): Promise<ContentRow[][]> {
  // IS NOT DISTINCT FROM keeps the planner from reading a region's whole index beside the few matches of another.
  // A backslash or quote in a lexeme is doubled, as tsquery's syntax has it.
  const rows = await prisma.$queryRaw<(ContentRow & { subjectId: string })[]>`
    WITH catalogue AS (
      SELECT greatest(sum(contents), 1)::float8 AS size FROM content.facet WHERE kind = 'region'
    ),
    subject AS MATERIALIZED (
      SELECT c.id, c.region, c.category, c.tags, weighted.*, words.query
      FROM content.content c
      CROSS JOIN LATERAL (
        SELECT array_agg(tag) AS tag, array_agg(idf) AS idf, sum(idf) AS total,
          array_agg(tag) FILTER (WHERE nth = 1 OR reached <= ${candidates.tags}) AS rare,
          max(reached) FILTER (WHERE nth = 1 OR reached <= ${candidates.tags}) AS reached
        FROM (
          SELECT f.value AS tag, ln(1 + catalogue.size / greatest(f.contents, 1)) AS idf,
            row_number() OVER rarest AS nth, sum(f.contents) OVER rarest AS reached
          FROM content.facet f, catalogue
          WHERE f.kind = 'tag' AND f.value = ANY (c.tags)
          WINDOW rarest AS (ORDER BY f.contents, f.value)
        ) tags
      ) weighted
      CROSS JOIN LATERAL (
        SELECT coalesce(
          string_agg('''' || replace(replace(word, '\\', '\\\\'), '''', '''''') || '''', ' | '), ''
        )::tsquery AS query
        FROM unnest(tsvector_to_array(to_tsvector('english', content.fold(c.title)))) AS word
      ) words
      WHERE c.id = ANY (${ids}::text[]) AND c.deleted_at IS NULL
    )
    SELECT subject.id AS "subjectId", best.*
    FROM subject
    CROSS JOIN LATERAL (
      SELECT ${contentColumns},
        coalesce((
          SELECT sum(shared.idf) FROM unnest(subject.tag, subject.idf) AS shared (tag, idf)
          WHERE shared.tag = ANY (c.tags)
        ) / subject.total * least(1, sqrt(cardinality(subject.tags)::float8 / nullif(cardinality(c.tags), 0))), 0)
        + CASE WHEN c.category = subject.category THEN 0.25::float8 ELSE 0 END
        + 0.5::float8 * ts_rank(c.search, subject.query, 32) AS score
      FROM (
        (
          SELECT c.id FROM content.content c
          WHERE c.tags && subject.rare AND c.region IS NOT DISTINCT FROM subject.region AND c.deleted_at IS NULL
            ${withinBound(bound)}
          LIMIT ${candidates.tags}
        )
        UNION
        (
          SELECT c.id FROM content.content c
          WHERE coalesce(subject.reached, 0) < ${enoughByTags} AND c.search @@ subject.query
            AND c.region IS NOT DISTINCT FROM subject.region AND c.deleted_at IS NULL
            ${withinBound(bound)}
          LIMIT ${candidates.words}
        )
        UNION
        (
          SELECT c.id FROM content.content c
          WHERE c.region = subject.region AND c.category = subject.category AND c.deleted_at IS NULL
            ${withinBound(bound)}
          ORDER BY c.published_at DESC, c.id
          LIMIT ${candidates.category}
        )
      ) candidate
      JOIN content.content c ON c.id = candidate.id
      WHERE c.id <> subject.id
      ORDER BY score DESC, c.id
      LIMIT ${first}
    ) best
    ORDER BY subject.id, best.score DESC, best.id`;
  const similar = new Map<string, ContentRow[]>();
  for (const { subjectId, ...row } of rows) {
    const list = similar.get(subjectId);
    if (list === undefined) similar.set(subjectId, [row]);
    else list.push(row);
  }
  return ids.map((id) => similar.get(id) ?? []);
}
