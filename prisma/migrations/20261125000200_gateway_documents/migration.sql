CREATE SCHEMA IF NOT EXISTS "gateway";

CREATE TABLE "gateway"."document" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "text" TEXT NOT NULL,
  "description" TEXT,
  CONSTRAINT "document_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "gateway"."document_list" (
  "key_id" TEXT NOT NULL,
  "document_id" TEXT NOT NULL,
  "published_at" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
  CONSTRAINT "document_list_pkey" PRIMARY KEY ("key_id", "document_id"),
  CONSTRAINT "document_list_document_id_fkey" FOREIGN KEY ("document_id")
    REFERENCES "gateway"."document" ("id") ON DELETE CASCADE
);

CREATE INDEX "document_list_document_id_idx" ON "gateway"."document_list" ("document_id");

CREATE TABLE "gateway"."document_alias" (
  "key_id" TEXT NOT NULL,
  "alias" TEXT NOT NULL,
  "document_id" TEXT NOT NULL,
  CONSTRAINT "document_alias_pkey" PRIMARY KEY ("key_id", "alias"),
  CONSTRAINT "document_alias_list_fkey" FOREIGN KEY ("key_id", "document_id")
    REFERENCES "gateway"."document_list" ("key_id", "document_id") ON DELETE CASCADE
);

CREATE INDEX "document_alias_list_idx" ON "gateway"."document_alias" ("key_id", "document_id");

CREATE TABLE "gateway"."document_usage" (
  "document_id" TEXT NOT NULL,
  "key_id" TEXT NOT NULL,
  "runs" BIGINT NOT NULL,
  "last_used_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "document_usage_pkey" PRIMARY KEY ("document_id", "key_id"),
  CONSTRAINT "document_usage_document_id_fkey" FOREIGN KEY ("document_id")
    REFERENCES "gateway"."document" ("id") ON DELETE CASCADE
);

-- One row: every change of the tables above, but for usage, counts it on, and processes look at nothing else.
CREATE TABLE "gateway"."document_version" (
  "only" BOOLEAN NOT NULL DEFAULT true,
  "version" BIGINT NOT NULL,
  CONSTRAINT "document_version_pkey" PRIMARY KEY ("only"),
  CONSTRAINT "document_version_only_check" CHECK ("only")
);

INSERT INTO "gateway"."document_version" ("version") VALUES (0);
