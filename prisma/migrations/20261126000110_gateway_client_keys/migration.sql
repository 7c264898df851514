-- What SDKs name to read the features. Kept as it is and not as a hash, because it is public: it stands in the pages of the
-- application that uses it.
CREATE TABLE "gateway"."client_key" (
  "key" TEXT NOT NULL,
  "description" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3),
  "revoked_at" TIMESTAMPTZ(3),
  CONSTRAINT "client_key_pkey" PRIMARY KEY ("key")
);

-- Servers look at the version of the API keys already, so client keys count on it too.
CREATE TRIGGER "client_key_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "gateway"."client_key"
  FOR EACH STATEMENT EXECUTE FUNCTION "gateway"."renew_api_key_version"();
