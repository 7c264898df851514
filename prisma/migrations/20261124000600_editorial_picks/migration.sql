CREATE TABLE "feed"."editorial_pick" (
  -- '*' where the pick counts in every region.
  "region" TEXT NOT NULL,
  "content_id" TEXT NOT NULL,
  -- Counts from 1.
  "position" INTEGER NOT NULL,
  "until" TIMESTAMPTZ(3),
  PRIMARY KEY ("region", "content_id")
);
