-- Impressions and rewards by user segment and item, decayed to `as_of` where forgetting is on.
CREATE TABLE "feed"."arm" (
  "segment" TEXT NOT NULL,
  "content_id" TEXT NOT NULL,
  "trials" DOUBLE PRECISION NOT NULL,
  "successes" DOUBLE PRECISION NOT NULL,
  "as_of" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "arm_pkey" PRIMARY KEY ("segment", "content_id")
);

CREATE INDEX "arm_as_of_idx" ON "feed"."arm" ("as_of" DESC);

-- What an impression has counted for, so that it counts once: the segment of its slate, and whether it was rewarded.
ALTER TABLE "feed"."interaction"
  ADD COLUMN "segment" TEXT,
  ADD COLUMN "rewarded" BOOLEAN NOT NULL DEFAULT false;

-- Of each item of the page, in its order: 0 where the ranking and no exploration slot chose it.
ALTER TABLE "feed"."slate"
  ADD COLUMN "segment" TEXT,
  ADD COLUMN "policy_version" TEXT,
  ADD COLUMN "propensities" DOUBLE PRECISION[] NOT NULL DEFAULT ARRAY[]::DOUBLE PRECISION[],
  ADD COLUMN "slot_samples" INTEGER[] NOT NULL DEFAULT ARRAY[]::INTEGER[],
  ADD COLUMN "slot_arms" INTEGER[] NOT NULL DEFAULT ARRAY[]::INTEGER[];

CREATE INDEX "slate_served_at_idx" ON "feed"."slate" ("served_at", "feed_id", "first_position");

-- What is left at "until" of what was counted at "since": half of it after each half-life in ms, all without one.
CREATE FUNCTION "feed"."left_after"("since" TIMESTAMPTZ, "until" TIMESTAMPTZ, "half_life_ms" DOUBLE PRECISION)
RETURNS DOUBLE PRECISION
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN "half_life_ms" IS NULL THEN 1
    ELSE power(0.5::float8, least(greatest(extract(epoch FROM "until" - "since")::float8 * 1000, 0) / "half_life_ms", 1000))
  END
$$;
