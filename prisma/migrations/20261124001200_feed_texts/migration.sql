-- What the text of an item is made of; see docs/reference/ranking.md.
ALTER TABLE "feed"."content"
  ADD COLUMN "title" TEXT NOT NULL DEFAULT '',
  -- Its first 1,000 characters.
  ADD COLUMN "description" TEXT NOT NULL DEFAULT '';
UPDATE "feed"."content" f SET "title" = c."title", "description" = left(c."description", 1000)
  FROM "content"."content" c WHERE c."id" = f."id";

-- Items of the catalogue when the served version was trained on their texts.
ALTER TABLE "feed"."model_version" ADD COLUMN "trained_items" INTEGER NOT NULL DEFAULT 0;

-- What turned texts into the vectors of a version.
CREATE TABLE "feed"."text_embedding" (
  "version" INTEGER PRIMARY KEY,
  -- Names the model; vectors of two cannot be compared.
  "embedder" TEXT NOT NULL,
  -- The embedding that was trained on the catalogue; null where a service is asked.
  "artefact" BYTEA
);

-- Items whose text has no vector yet or is newer than their vector.
CREATE TABLE "feed"."text_vector_due" (
  "content_id" TEXT PRIMARY KEY,
  -- The transaction that last changed the item.
  "changed_xid" BIGINT NOT NULL
);
