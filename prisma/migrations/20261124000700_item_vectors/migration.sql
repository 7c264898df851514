-- How the served version was trained: quickly or deeply; a quick one is due for a deep one.
ALTER TABLE "feed"."model_version" ADD COLUMN "method" TEXT;
INSERT INTO "feed"."model_version" ("name") VALUES ('item-vectors');

CREATE TABLE "feed"."item_vector" (
  "version" INTEGER NOT NULL,
  "content_id" TEXT NOT NULL,
  -- float32, little-endian.
  "vector" BYTEA NOT NULL,
  -- False where it was made up from tags and vendor, for want of choices.
  "learned" BOOLEAN NOT NULL,
  PRIMARY KEY ("version", "content_id")
);

-- What a tag, a vendor or neither says of the vector of an item that nobody has chosen yet.
CREATE TABLE "feed"."vector_feature" (
  "version" INTEGER NOT NULL,
  -- 'tag:' or 'vendor:' and its name, or 'bias'.
  "feature" TEXT NOT NULL,
  -- float32, little-endian, as many as a vector has.
  "weights" BYTEA NOT NULL,
  PRIMARY KEY ("version", "feature")
);

CREATE TABLE "feed"."tag_weight" (
  "tag" TEXT PRIMARY KEY,
  -- ln(items / items with the tag).
  "idf" DOUBLE PRECISION NOT NULL
);

CREATE TABLE "feed"."vendor_popularity" (
  "vendor_id" TEXT PRIMARY KEY,
  -- log2 of the mean weight of the vendor's items, drawn towards that of all items.
  "log2_weight" DOUBLE PRECISION NOT NULL
);

-- By item, a list was read per item of a history; now a process keeps the whole model and reads it part by part.
DROP TABLE "feed"."item_neighbours";
CREATE TABLE "feed"."item_neighbours" (
  "version" INTEGER NOT NULL,
  -- Counts from 0.
  "part" INTEGER NOT NULL,
  "content_ids" TEXT[] NOT NULL,
  "vendor_ids" TEXT[] NOT NULL,
  -- Of each item the numbers of its neighbours, counted over all parts, as many for each item: int32, little-endian, -1
  -- where a list has ended.
  "neighbours" BYTEA NOT NULL,
  -- Their weights: float32, little-endian.
  "scores" BYTEA NOT NULL,
  PRIMARY KEY ("version", "part")
);
