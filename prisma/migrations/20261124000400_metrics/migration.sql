CREATE SCHEMA IF NOT EXISTS "metrics";

CREATE TYPE "metrics"."report_period" AS ENUM ('MINUTE', 'HOUR');

CREATE TABLE "metrics"."process_report" (
  "process_id" TEXT NOT NULL,
  "period" "metrics"."report_period" NOT NULL,
  "starts_at" TIMESTAMPTZ(3) NOT NULL,
  "role" TEXT NOT NULL,
  "worker_id" INTEGER NOT NULL,
  "covered_from" TIMESTAMPTZ(3) NOT NULL,
  "covered_to" TIMESTAMPTZ(3) NOT NULL,
  "requests" BIGINT NOT NULL,
  "errors" BIGINT NOT NULL,
  "request_latency" TEXT,
  "caches" JSONB NOT NULL,
  "database_kind" TEXT NOT NULL,
  "connections_in_use" INTEGER NOT NULL,
  "connections_max" INTEGER NOT NULL,
  "query_latency" TEXT,
  "event_loop_utilisation" DOUBLE PRECISION NOT NULL,
  "heap_used_bytes" DOUBLE PRECISION NOT NULL,
  "uptime_seconds" DOUBLE PRECISION NOT NULL,
  CONSTRAINT "process_report_pkey" PRIMARY KEY ("process_id", "period", "starts_at")
);
CREATE INDEX "process_report_period_starts_at_idx" ON "metrics"."process_report" ("period", "starts_at");

CREATE TABLE "metrics"."user_activity" (
  "user_id" TEXT NOT NULL,
  "quarter" TIMESTAMPTZ(3) NOT NULL,
  "impressions" INTEGER NOT NULL,
  "saves" INTEGER NOT NULL,
  CONSTRAINT "user_activity_pkey" PRIMARY KEY ("user_id", "quarter")
);
CREATE INDEX "user_activity_quarter_idx" ON "metrics"."user_activity" ("quarter");

CREATE TABLE "metrics"."user_first_activity" (
  "user_id" TEXT NOT NULL,
  "quarter" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "user_first_activity_pkey" PRIMARY KEY ("user_id")
);
CREATE INDEX "user_first_activity_quarter_idx" ON "metrics"."user_first_activity" ("quarter");

CREATE TABLE "metrics"."user_vendor" (
  "user_id" TEXT NOT NULL,
  "vendor_id" TEXT NOT NULL,
  "first_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "user_vendor_pkey" PRIMARY KEY ("user_id", "vendor_id")
);
CREATE INDEX "user_vendor_first_at_idx" ON "metrics"."user_vendor" ("first_at");

CREATE TABLE "metrics"."user_session" (
  "user_id" TEXT NOT NULL,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "ended_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "user_session_pkey" PRIMARY KEY ("user_id", "ended_at")
);
CREATE INDEX "user_session_started_at_idx" ON "metrics"."user_session" ("started_at");

CREATE TABLE "metrics"."nps_response" (
  "user_id" TEXT NOT NULL,
  "period_started_at" TIMESTAMPTZ(3) NOT NULL,
  "answered_at" TIMESTAMPTZ(3) NOT NULL,
  "score" INTEGER NOT NULL,
  "comment" TEXT,
  CONSTRAINT "nps_response_pkey" PRIMARY KEY ("user_id", "period_started_at")
);
CREATE INDEX "nps_response_answered_at_idx" ON "metrics"."nps_response" ("answered_at");
