CREATE SCHEMA IF NOT EXISTS "imports";

CREATE TABLE "imports"."progress" (
  "import_id" TEXT NOT NULL,
  "part" TEXT NOT NULL,
  "done" BIGINT NOT NULL,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,
  "completed_at" TIMESTAMPTZ(3),
  CONSTRAINT "progress_pkey" PRIMARY KEY ("import_id", "part")
);
