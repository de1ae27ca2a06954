-- What requests with an `Idempotency-Key` have done, so that repeating one does nothing again.
-- A row is good for 24 hours; later rows clear away what is older.

CREATE TABLE "_idempotency_keys" (
  "_row" INTEGER PRIMARY KEY,
  -- `user:<id>` or `operator`.
  "caller" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  -- The path that was asked for, with its query.
  "route" TEXT NOT NULL,
  -- HMAC of the body under the key of the instance: a body may hold a password.
  "body" TEXT NOT NULL,
  -- Of the first answer.
  "status" INTEGER NOT NULL,
  -- By which the caller saw the first answer, and sees it again: `orders:read`.
  "permission" TEXT NOT NULL,
  -- The record that the answer held; NULL where it was none.
  "collection" TEXT,
  "record_id" TEXT,
  "revision" INTEGER,
  -- What the answer held: the columns of the record as it then was, or a definition. NULL once
  -- nothing may be told of it any more.
  "image" TEXT CHECK (json_valid("image")),
  "created_at" TEXT NOT NULL,
  UNIQUE ("caller", "key")
) STRICT;

CREATE INDEX "_idempotency_keys_created_at_idx" ON "_idempotency_keys" ("created_at");
CREATE INDEX "_idempotency_keys_record_id_idx" ON "_idempotency_keys" ("record_id", "collection");
