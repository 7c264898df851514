-- Readers look for their few types only: a rare one is found without a walk over the others.
CREATE INDEX "outbox_type_xid_id_idx" ON "events"."outbox" ("type", "xid", "id");

-- The next events of the wanted types, in order. Each type is read along the index by itself and no further than needed.
-- The settings keep the planner from sorting a whole backlog for one batch, which it does on a table without statistics;
-- PGlite gathers none.
CREATE FUNCTION "events"."next_events"(
  wanted_types TEXT[], after_xid BIGINT, after_id BIGINT, before_xid BIGINT, most INTEGER
) RETURNS SETOF "events"."outbox" LANGUAGE sql STABLE
SET enable_bitmapscan = off
SET enable_seqscan = off
AS $$
  SELECT next.*
  FROM unnest(wanted_types) AS wanted (type)
  CROSS JOIN LATERAL (
    SELECT * FROM events.outbox o
    WHERE o.type = wanted.type AND (o.xid, o.id) > (after_xid, after_id) AND o.xid < before_xid
    ORDER BY o.xid, o.id
    LIMIT most
  ) next
  ORDER BY next.xid, next.id
  LIMIT most
$$;

-- Retention keeps what a consumer still needs: events of its types, while it is seen. No types stand for all of them.
ALTER TABLE "events"."consumer"
  ADD COLUMN "types" TEXT[] NOT NULL DEFAULT '{}',
  ADD COLUMN "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now();

CREATE TABLE "events"."dead_letter" (
  "consumer" TEXT NOT NULL,
  "event_id" BIGINT NOT NULL,
  "type" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  "payload" JSONB NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "failure" TEXT NOT NULL,
  "attempts" INTEGER NOT NULL,
  "first_failed_at" TIMESTAMPTZ(3) NOT NULL,
  "last_failed_at" TIMESTAMPTZ(3) NOT NULL,
  "put_back_at" TIMESTAMPTZ(3),
  PRIMARY KEY ("consumer", "event_id")
);
-- Asked at every poll.
CREATE INDEX "dead_letter_put_back_idx" ON "events"."dead_letter" ("consumer", "event_id")
  WHERE "put_back_at" IS NOT NULL;

CREATE TABLE "events"."retention" (
  "singleton" BOOLEAN PRIMARY KEY DEFAULT true CHECK ("singleton"),
  "xid" BIGINT NOT NULL DEFAULT 0,
  "event_id" BIGINT NOT NULL DEFAULT 0
);
INSERT INTO "events"."retention" DEFAULT VALUES;
