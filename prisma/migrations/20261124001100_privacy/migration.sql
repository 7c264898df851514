-- Erasures: those under way carry the subject, those that are complete its hash alone.
CREATE TABLE "feed"."erasure" (
  "request_id" UUID NOT NULL,
  "subject_hash" TEXT NOT NULL,
  "subject" TEXT,
  "event_id" BIGINT,
  "confirmed_by" TEXT[] NOT NULL DEFAULT '{}',
  "requested_at" TIMESTAMPTZ(3) NOT NULL,
  "completed_at" TIMESTAMPTZ(3),
  CONSTRAINT "erasure_pkey" PRIMARY KEY ("request_id")
);
-- Whether a page was served before its reader was erased: asked for every page that is logged.
CREATE INDEX "erasure_subject_hash_requested_at_idx" ON "feed"."erasure" ("subject_hash", "requested_at");
CREATE INDEX "erasure_pending_idx" ON "feed"."erasure" ("requested_at") WHERE "completed_at" IS NULL;

CREATE TABLE "feed"."anonymous_link" (
  "anonymous_hash" TEXT NOT NULL,
  "owner_mac" TEXT NOT NULL,
  "linked_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "anonymous_link_pkey" PRIMARY KEY ("anonymous_hash")
);

-- Events that name one person, found for an erasure without a walk over the others.
CREATE INDEX "outbox_user_id_idx" ON "events"."outbox" (("payload" ->> 'userId'))
  WHERE ("payload" ->> 'userId') IS NOT NULL;
CREATE INDEX "outbox_anonymous_subject_idx" ON "events"."outbox" (("payload" ->> 'anonymousSubject'))
  WHERE "type" = 'user.linked';
CREATE INDEX "outbox_served_user_ids_idx" ON "events"."outbox"
  USING GIN (jsonb_path_query_array("payload", '$.pages[*].userId')) WHERE "type" = 'feed.served';
