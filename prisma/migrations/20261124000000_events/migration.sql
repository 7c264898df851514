CREATE SCHEMA IF NOT EXISTS "events";

CREATE TABLE "events"."outbox" (
  "id" BIGSERIAL PRIMARY KEY,
  "xid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,
  "type" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  "payload" JSONB NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now()
);
CREATE INDEX "outbox_xid_id_idx" ON "events"."outbox" ("xid", "id");

CREATE TABLE "events"."consumer" (
  "name" TEXT PRIMARY KEY,
  "xid" BIGINT NOT NULL DEFAULT 0,
  "event_id" BIGINT NOT NULL DEFAULT 0,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now()
);
