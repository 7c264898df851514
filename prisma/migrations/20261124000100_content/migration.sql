CREATE SCHEMA IF NOT EXISTS "content";

-- Orders the changes of one transaction; across transactions the order is by xid.
CREATE SEQUENCE "content"."change_seq";

CREATE TABLE "content"."vendor" (
  "id" TEXT PRIMARY KEY,
  "name" TEXT NOT NULL,
  "region" TEXT NOT NULL,
  "description" TEXT,
  "website_url" TEXT,
  "version" INTEGER NOT NULL DEFAULT 1,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now()
);

-- Plain letters for accented ones; text in ASCII passes through untouched.
CREATE FUNCTION "content"."fold"("value" TEXT) RETURNS TEXT
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$
  SELECT CASE
    WHEN octet_length("value") = char_length("value") THEN "value"
    ELSE regexp_replace(normalize("value", NFKD), '[\u0300-\u036f]', '', 'g')
  END
$$;

-- Stems for the sense of a word; besides, the words as they are (without the description's), so that the beginning of a
-- word and a title made of stop words can be found.
CREATE FUNCTION "content"."search_vector"(
  "title" TEXT, "vendor_name" TEXT, "category" TEXT, "tags" TEXT[], "description" TEXT
) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT setweight(to_tsvector('pg_catalog.english', "content"."fold"("title")), 'A')
    || setweight(to_tsvector('pg_catalog.simple', "content"."fold"("title")), 'A')
    || setweight(to_tsvector('pg_catalog.english', "labels"), 'B')
    || setweight(to_tsvector('pg_catalog.simple', "labels"), 'B')
    || setweight(to_tsvector('pg_catalog.english', "content"."fold"("description")), 'C')
  FROM (
    SELECT "content"."fold"("vendor_name") || ' . ' || "category" || ' . ' || array_to_string("tags", ' . ')
  ) AS "fields" ("labels")
$$;

CREATE TABLE "content"."content" (
  "id" TEXT PRIMARY KEY,
  "vendor_id" TEXT NOT NULL REFERENCES "content"."vendor" ("id"),
  "vendor_name" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "description" TEXT NOT NULL,
  "category" TEXT NOT NULL,
  "region" TEXT NOT NULL,
  "tags" TEXT[] NOT NULL,
  "image_url" TEXT,
  "published_at" TIMESTAMPTZ(3) NOT NULL,
  "quality" DOUBLE PRECISION NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 1,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  "deleted_at" TIMESTAMPTZ(3),
  "changed_xid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,
  "changed_seq" BIGINT NOT NULL DEFAULT nextval('"content"."change_seq"'),
  "search" TSVECTOR GENERATED ALWAYS AS (
    "content"."search_vector"("title", "vendor_name", "category", "tags", "description")
  ) STORED
);
CREATE INDEX "content_search_idx" ON "content"."content" USING GIN ("search");
CREATE INDEX "content_tags_idx" ON "content"."content" USING GIN ("tags");
CREATE INDEX "content_vendor_id_published_at_id_idx"
  ON "content"."content" ("vendor_id", "published_at" DESC, "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "content_region_category_published_at_id_idx"
  ON "content"."content" ("region", "category", "published_at" DESC, "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "content_changed_xid_changed_seq_idx" ON "content"."content" ("changed_xid", "changed_seq");

-- Apart from the entry, because it is written far more often and the entry has a large search index. region and
-- published_at are the entry's, so that one index gives the trending order.
CREATE TABLE "content"."content_stats" (
  "content_id" TEXT PRIMARY KEY REFERENCES "content"."content" ("id"),
  "region" TEXT NOT NULL,
  "published_at" TIMESTAMPTZ(3) NOT NULL,
  "impressions" INTEGER NOT NULL DEFAULT 0,
  "views" INTEGER NOT NULL DEFAULT 0,
  "clicks" INTEGER NOT NULL DEFAULT 0,
  "likes" INTEGER NOT NULL DEFAULT 0,
  "saves" INTEGER NOT NULL DEFAULT 0,
  "shares" INTEGER NOT NULL DEFAULT 0,
  "inquiries" INTEGER NOT NULL DEFAULT 0,
  "hides" INTEGER NOT NULL DEFAULT 0,
  "trend" DOUBLE PRECISION
);
CREATE INDEX "content_stats_region_trend_idx" ON "content"."content_stats"
  ("region", "trend" DESC NULLS LAST, "published_at" DESC, "content_id");

-- How many live entries have a category, region or tag.
CREATE TABLE "content"."facet" (
  "kind" TEXT NOT NULL,
  "value" TEXT NOT NULL,
  "contents" INTEGER NOT NULL,
  PRIMARY KEY ("kind", "value")
);
