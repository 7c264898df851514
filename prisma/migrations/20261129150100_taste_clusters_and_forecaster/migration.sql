-- Groups of users by what they choose.
CREATE TABLE "feed"."taste_cluster" (
  "version" INTEGER NOT NULL,
  -- Counts from 0; keeps its meaning from one version to the next.
  "cluster" INTEGER NOT NULL,
  -- Of the item vectors among which the centroid lies.
  "vectors_version" INTEGER NOT NULL,
  -- Users of the training who are nearest to it.
  "users" INTEGER NOT NULL,
  -- Of length 1: float32, little-endian.
  "centroid" BYTEA NOT NULL,
  -- The items nearest to it, by which it is found again among the vectors of another version.
  "anchors" TEXT[] NOT NULL,
  CONSTRAINT "taste_cluster_pkey" PRIMARY KEY ("version", "cluster")
);

-- Forecasts how probable it is that a user saves what they are shown.
CREATE TABLE "feed"."forecaster" (
  "version" INTEGER NOT NULL,
  "parameters" JSONB NOT NULL,
  CONSTRAINT "forecaster_pkey" PRIMARY KEY ("version")
);

INSERT INTO "feed"."model_version" ("name", "positives", "requested_at")
SELECT n.name, m.positives, m.requested_at
FROM "feed"."model_version" m, (VALUES ('taste-clusters'), ('forecaster')) AS n (name)
WHERE m.name = 'item-neighbours';
