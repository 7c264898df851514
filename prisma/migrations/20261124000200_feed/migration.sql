CREATE SCHEMA IF NOT EXISTS "feed";

CREATE TABLE "feed"."profile" (
  "subject" TEXT PRIMARY KEY,
  "region" TEXT,
  "locale" TEXT,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now()
);

CREATE TABLE "feed"."interaction" (
  "user_id" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "content_id" TEXT NOT NULL,
  "vendor_id" TEXT NOT NULL,
  "type" TEXT NOT NULL,
  "occurred_at" TIMESTAMPTZ(3) NOT NULL,
  "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  "feed_id" UUID,
  "position" INTEGER,
  "dwell_ms" INTEGER,
  PRIMARY KEY ("user_id", "id")
);
-- What of some candidates a user has acted on.
CREATE INDEX "interaction_user_id_content_id_idx" ON "feed"."interaction" ("user_id", "content_id");
-- An impression counts once per user, feed and item.
CREATE UNIQUE INDEX "interaction_impression_key" ON "feed"."interaction" ("user_id", "feed_id", "content_id")
  WHERE "type" = 'IMPRESSION' AND "feed_id" IS NOT NULL;
-- A user's latest positives, and the trainer's walk over users.
CREATE INDEX "interaction_positive_idx" ON "feed"."interaction" ("user_id", "occurred_at" DESC)
  WHERE "type" IN ('LIKE', 'SAVE', 'SHARE', 'INQUIRY');
CREATE INDEX "interaction_hide_idx" ON "feed"."interaction" ("user_id", "vendor_id") WHERE "type" = 'HIDE';

CREATE TABLE "feed"."follow" (
  "user_id" TEXT NOT NULL,
  "vendor_id" TEXT NOT NULL,
  "followed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  PRIMARY KEY ("user_id", "vendor_id")
);

CREATE TABLE "feed"."content" (
  "id" TEXT PRIMARY KEY,
  "vendor_id" TEXT NOT NULL,
  "category" TEXT NOT NULL,
  "region" TEXT NOT NULL,
  "tags" TEXT[] NOT NULL,
  "quality" DOUBLE PRECISION NOT NULL,
  "published_at" TIMESTAMPTZ(3) NOT NULL,
  "version" INTEGER NOT NULL,
  "as_of" TIMESTAMPTZ(3) NOT NULL,
  "removed_at" TIMESTAMPTZ(3)
);
CREATE INDEX "content_published_at_idx" ON "feed"."content" ("published_at" DESC);
CREATE INDEX "content_region_published_at_idx" ON "feed"."content" ("region", "published_at" DESC);
CREATE INDEX "content_vendor_id_published_at_idx" ON "feed"."content" ("vendor_id", "published_at" DESC);

CREATE TABLE "feed"."vendor" (
  "id" TEXT PRIMARY KEY,
  "region" TEXT NOT NULL
);

CREATE TABLE "feed"."popularity" (
  "content_id" TEXT PRIMARY KEY,
  "region" TEXT NOT NULL,
  "log2_weight" DOUBLE PRECISION NOT NULL
);
CREATE INDEX "popularity_log2_weight_idx" ON "feed"."popularity" ("log2_weight" DESC);
CREATE INDEX "popularity_region_log2_weight_idx" ON "feed"."popularity" ("region", "log2_weight" DESC);

CREATE TABLE "feed"."item_neighbours" (
  "version" INTEGER NOT NULL,
  "content_id" TEXT NOT NULL,
  "neighbour_ids" TEXT[] NOT NULL,
  "scores" REAL[] NOT NULL,
  PRIMARY KEY ("version", "content_id")
);

CREATE TABLE "feed"."model_version" (
  "name" TEXT PRIMARY KEY,
  "version" INTEGER NOT NULL DEFAULT 0,
  "last_version" INTEGER NOT NULL DEFAULT 0,
  "positives" BIGINT NOT NULL DEFAULT 0,
  "trained_positives" BIGINT NOT NULL DEFAULT 0,
  "trained_at" TIMESTAMPTZ(3),
  "requested_at" TIMESTAMPTZ(3),
  "lease_until" TIMESTAMPTZ(3)
);
INSERT INTO "feed"."model_version" ("name") VALUES ('item-neighbours');

CREATE TABLE "feed"."slate" (
  "feed_id" UUID NOT NULL,
  "first_position" INTEGER NOT NULL,
  "subject" TEXT,
  "binding" TEXT NOT NULL,
  "mode" TEXT NOT NULL,
  "content_ids" TEXT[] NOT NULL,
  "sources" TEXT[] NOT NULL,
  "scores" DOUBLE PRECISION[] NOT NULL,
  "served_at" TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY ("feed_id", "first_position")
);
CREATE INDEX "slate_subject_idx" ON "feed"."slate" ("subject");
