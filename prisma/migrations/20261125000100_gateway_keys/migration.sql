CREATE SCHEMA IF NOT EXISTS "gateway";

CREATE TABLE "gateway"."api_key" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "scopes" TEXT[] NOT NULL,
  "vendor_id" TEXT,
  "hourly_limit" INTEGER,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3),
  "revoked_at" TIMESTAMPTZ(3),
  CONSTRAINT "api_key_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "api_key_hourly_limit_check" CHECK ("hourly_limit" > 0)
);

CREATE TABLE "gateway"."api_key_secret" (
  "key_id" TEXT NOT NULL,
  "hash" BYTEA NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "valid_until" TIMESTAMPTZ(3),
  CONSTRAINT "api_key_secret_pkey" PRIMARY KEY ("key_id", "hash"),
  CONSTRAINT "api_key_secret_key_id_fkey" FOREIGN KEY ("key_id")
    REFERENCES "gateway"."api_key" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "api_key_secret_hash_check" CHECK (octet_length("hash") = 32)
);

-- Apart from the key, because writing down a use is no change that the servers have to learn of.
CREATE TABLE "gateway"."api_key_use" (
  "key_id" TEXT NOT NULL,
  "last_used_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "api_key_use_pkey" PRIMARY KEY ("key_id"),
  CONSTRAINT "api_key_use_key_id_fkey" FOREIGN KEY ("key_id")
    REFERENCES "gateway"."api_key" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- One row that is another after each change of a key. The servers look at it every two seconds. A random value and no
-- counter, so that a restored backup never shows a value that a server has already seen with other keys.
CREATE TABLE "gateway"."api_key_version" (
  "id" INTEGER NOT NULL DEFAULT 1,
  "version" UUID NOT NULL,
  CONSTRAINT "api_key_version_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "api_key_version_id_check" CHECK ("id" = 1)
);

INSERT INTO "gateway"."api_key_version" ("version") VALUES (gen_random_uuid());

-- In a trigger, so that a key revoked by hand in an emergency (UPDATE … SET revoked_at = now()) counts too.
CREATE FUNCTION "gateway"."renew_api_key_version"() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "gateway"."api_key_version" SET "version" = gen_random_uuid();
  RETURN NULL;
END
$$;

CREATE TRIGGER "api_key_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "gateway"."api_key"
  FOR EACH STATEMENT EXECUTE FUNCTION "gateway"."renew_api_key_version"();

CREATE TRIGGER "api_key_secret_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "gateway"."api_key_secret"
  FOR EACH STATEMENT EXECUTE FUNCTION "gateway"."renew_api_key_version"();
