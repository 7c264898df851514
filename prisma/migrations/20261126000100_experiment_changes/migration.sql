-- One row with the time at which what users get last changed. Every process looks at it every two seconds, and GrowthBook's
-- SDKs take features for those that they have where it is the same: each change is a millisecond later than the one before
-- at least, whatever the clocks say. The row is locked until the change commits, so times and commits have one order.
CREATE TABLE "experiments"."change" (
  "id" INTEGER NOT NULL DEFAULT 1,
  "changed_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "change_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "change_id_check" CHECK ("id" = 1)
);

INSERT INTO "experiments"."change" ("changed_at") VALUES (clock_timestamp());

CREATE FUNCTION "experiments"."note_change"() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "experiments"."change" SET "changed_at" = greatest(clock_timestamp(), "changed_at" + interval '1 millisecond');
  RETURN NULL;
END
$$;

-- In triggers, so that an experiment stopped by hand in an emergency counts too. A draft changes nothing for users, so
-- nothing that is inserted does: it takes an update of the experiment to start.
CREATE TRIGGER "experiment_changed"
  AFTER DELETE OR TRUNCATE OR UPDATE OF "key", "status", "phase", "layer", "coverage", "shipped_variant"
  ON "experiments"."experiment"
  FOR EACH STATEMENT EXECUTE FUNCTION "experiments"."note_change"();

CREATE TRIGGER "variant_changed" AFTER DELETE OR TRUNCATE OR UPDATE ON "experiments"."variant"
  FOR EACH STATEMENT EXECUTE FUNCTION "experiments"."note_change"();

CREATE TRIGGER "phase_changed" AFTER DELETE OR TRUNCATE OR UPDATE OF "layer_from", "layer_to" ON "experiments"."phase"
  FOR EACH STATEMENT EXECUTE FUNCTION "experiments"."note_change"();
