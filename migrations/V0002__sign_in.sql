-- Last use of sessions, and who has failed to sign in how often.

ALTER TABLE "_sessions" ADD COLUMN "last_used_at" TEXT;
UPDATE "_sessions" SET "last_used_at" = "updated_at", "version" = "version" + 1;
ALTER TABLE "_sessions" ALTER COLUMN "last_used_at" SET NOT NULL;

CREATE INDEX "_sessions_last_used_at_idx" ON "_sessions" ("last_used_at");

-- Failures to sign in that still count, and how long to wait for them.
CREATE TABLE "_sign_in_failures" (
  -- `account <key>`, `account <key> from <prefix>` or `address <address>`.
  "subject" TEXT NOT NULL PRIMARY KEY,
  -- Whose account it is; NULL for addresses, and for accounts that do not exist.
  "user_id" TEXT,
  -- The instants of the last failures, a list in JSON.
  "recent" TEXT NOT NULL CHECK (json_valid("recent")),
  -- How often the waiting time has been lengthened; 0 where there is none.
  "level" INTEGER NOT NULL,
  "wait_until" TEXT,
  -- From when on it counts for nothing.
  "expires_at" TEXT NOT NULL,
  "created_at" TEXT NOT NULL,
  "updated_at" TEXT NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

CREATE INDEX "_sign_in_failures_expires_at_idx" ON "_sign_in_failures" ("expires_at");
CREATE INDEX "_sign_in_failures_user_id_idx" ON "_sign_in_failures" ("user_id")
  WHERE "user_id" IS NOT NULL;
CREATE INDEX "_sign_in_failures_strangers_idx" ON "_sign_in_failures" ("expires_at", "subject")
  WHERE "user_id" IS NULL;

CREATE TRIGGER "_sign_in_failures_set_updated_at" AFTER UPDATE ON "_sign_in_failures"
FOR EACH ROW WHEN NEW."version" IS OLD."version"
BEGIN
  UPDATE "_sign_in_failures"
  SET "updated_at" = max(OLD."updated_at", strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
      "version" = OLD."version" + 1
  WHERE "subject" = NEW."subject";
END;

-- From where each user has signed in before. A row goes with its user: it says nothing without.
CREATE TABLE "_sign_in_prefixes" (
  "user_id" TEXT NOT NULL REFERENCES "users" ("id"),
  "prefix" TEXT NOT NULL,
  "created_at" TEXT NOT NULL,
  PRIMARY KEY ("user_id", "prefix")
) STRICT, WITHOUT ROWID;

-- Entries that anybody can cause are kept in a bounded number; this finds the oldest of them.
CREATE INDEX "_audit_entries_failure_idx" ON "_audit_entries" ("action", "target", "seq")
  WHERE "outcome" = 'failure';
