CREATE SCHEMA IF NOT EXISTS "experiments";

CREATE TYPE "experiments"."experiment_status" AS ENUM ('DRAFT', 'RUNNING', 'STOPPED', 'SHIPPED');
CREATE TYPE "experiments"."metric_kind" AS ENUM ('PROPORTION', 'MEAN', 'RATIO', 'RETENTION');
CREATE TYPE "experiments"."metric_role" AS ENUM ('PRIMARY', 'SECONDARY', 'GUARDRAIL');

CREATE TABLE "experiments"."experiment" (
  "key" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "hypothesis" TEXT NOT NULL,
  "owner" TEXT NOT NULL,
  "status" "experiments"."experiment_status" NOT NULL DEFAULT 'DRAFT',
  "layer" TEXT,
  "coverage" DOUBLE PRECISION NOT NULL,
  "phase" INTEGER NOT NULL DEFAULT 0,
  "shipped_variant" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "experiment_pkey" PRIMARY KEY ("key")
);
CREATE INDEX "experiment_status_idx" ON "experiments"."experiment" ("status");

CREATE TABLE "experiments"."variant" (
  "experiment_key" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  "weight" DOUBLE PRECISION NOT NULL,
  "value_json" TEXT NOT NULL,
  "is_control" BOOLEAN NOT NULL,
  CONSTRAINT "variant_pkey" PRIMARY KEY ("experiment_key", "position"),
  CONSTRAINT "variant_experiment_key_fkey" FOREIGN KEY ("experiment_key")
    REFERENCES "experiments"."experiment" ("key") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "variant_experiment_key_key_key" ON "experiments"."variant" ("experiment_key", "key");

CREATE TABLE "experiments"."metric" (
  "experiment_key" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  "role" "experiments"."metric_role" NOT NULL,
  "kind" "experiments"."metric_kind" NOT NULL,
  "numerator" TEXT NOT NULL,
  "denominator" TEXT,
  "window_hours" INTEGER,
  "lower_is_better" BOOLEAN NOT NULL,
  "non_inferiority_margin" DOUBLE PRECISION,
  CONSTRAINT "metric_pkey" PRIMARY KEY ("experiment_key", "position"),
  CONSTRAINT "metric_experiment_key_fkey" FOREIGN KEY ("experiment_key")
    REFERENCES "experiments"."experiment" ("key") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "metric_experiment_key_key_key" ON "experiments"."metric" ("experiment_key", "key");

CREATE TABLE "experiments"."phase" (
  "experiment_key" TEXT NOT NULL,
  "phase" INTEGER NOT NULL,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "stopped_at" TIMESTAMPTZ(3),
  "stop_reason" TEXT,
  "layer_from" INTEGER[] NOT NULL,
  "layer_to" INTEGER[] NOT NULL,
  CONSTRAINT "phase_pkey" PRIMARY KEY ("experiment_key", "phase"),
  CONSTRAINT "phase_experiment_key_fkey" FOREIGN KEY ("experiment_key")
    REFERENCES "experiments"."experiment" ("key") ON DELETE CASCADE ON UPDATE CASCADE
);
