-- System tables begin with `_`, so that no release ever takes a collection's name.
-- Times are RFC 3339 in UTC with milliseconds. Seeded rows carry a fixed one.

CREATE TABLE "_instances" (
  "id" TEXT NOT NULL PRIMARY KEY,
  -- Changed whenever the order of events begins anew; a client that resumes learns of it by this.
  "epoch" TEXT NOT NULL,
  "demo" INTEGER NOT NULL DEFAULT 0 CHECK ("demo" IN (0, 1)),
  "created_at" TEXT NOT NULL
) STRICT;

-- Every definition that an event may refer to. Its number is never used twice.
CREATE TABLE "_revisions" (
  "revision" INTEGER PRIMARY KEY AUTOINCREMENT,
  "collection" TEXT NOT NULL,
  "definition" TEXT NOT NULL CHECK (json_valid("definition")),
  "created_at" TEXT NOT NULL
) STRICT;

CREATE TABLE "_collections" (
  "name" TEXT NOT NULL PRIMARY KEY,
  "revision" INTEGER NOT NULL REFERENCES "_revisions" ("revision"),
  "created_at" TEXT NOT NULL,
  "updated_at" TEXT NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TRIGGER "_collections_set_updated_at" AFTER UPDATE ON "_collections"
FOR EACH ROW WHEN NEW."version" IS OLD."version"
BEGIN
  UPDATE "_collections"
  SET "updated_at" = max(OLD."updated_at", strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
      "version" = OLD."version" + 1
  WHERE "name" = NEW."name";
END;

-- The outbox: what was committed, in the order of commits.
CREATE TABLE "_events" (
  -- AUTOINCREMENT, since a plain rowid starts again at 1 once the table has been emptied.
  "seq" INTEGER PRIMARY KEY AUTOINCREMENT,
  "id" TEXT NOT NULL,
  "type" TEXT NOT NULL,
  "collection" TEXT NOT NULL,
  "record_id" TEXT NOT NULL,
  -- `user:<id>`, `operator` or `guest`.
  "actor" TEXT NOT NULL,
  "request_id" TEXT,
  "at" TEXT NOT NULL,
  "revision" INTEGER NOT NULL,
  -- The columns after the change; NULL when the record was deleted.
  "after" TEXT,
  -- The columns that were set, as they were before; NULL when the record was created.
  "before" TEXT
) STRICT;

-- Ids of records that are gone for good: an id is never used twice.
CREATE TABLE "_tombstones" (
  "collection" TEXT NOT NULL,
  "record_id" TEXT NOT NULL,
  "created_at" TEXT NOT NULL,
  PRIMARY KEY ("collection", "record_id")
) STRICT, WITHOUT ROWID;

-- The columns, checks and indexes that the definition of `users` asks for, further below, and
-- those that signing in needs besides.
CREATE TABLE "users" (
  "_row" INTEGER PRIMARY KEY,
  "id" TEXT NOT NULL UNIQUE
    CONSTRAINT "users_id_form" CHECK (
      length("id") = 26 AND "id" NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*' AND "id" < '8'),
  -- One person's however it is written.
  "email" TEXT NOT NULL COLLATE NOCASE
    CONSTRAINT "users_email_form" CHECK (
      length("email") <= 255 AND "email" GLOB '?*@?*' AND "email" NOT GLOB '*@*@*'
      AND instr("email", ' ') = 0 AND instr("email", char(0)) = 0),
  "display_name" TEXT NOT NULL
    CONSTRAINT "users_display_name_form" CHECK (instr("display_name", char(0)) = 0)
    CONSTRAINT "users_display_name_required" CHECK ("display_name" <> '')
    CONSTRAINT "users_display_name_max" CHECK (length("display_name") <= 100),
  "avatar_url" TEXT
    CONSTRAINT "users_avatar_url_form" CHECK (
      length("avatar_url") <= 2048
      AND ("avatar_url" GLOB 'http://?*' OR "avatar_url" GLOB 'https://?*')
      AND instr("avatar_url", ' ') = 0 AND instr("avatar_url", char(0)) = 0),
  "status" TEXT NOT NULL DEFAULT 'active'
    CONSTRAINT "users_status_options" CHECK ("status" IN ('active', 'disabled')),
  "email_verified_at" TEXT,
  "password_hash" TEXT NOT NULL,
  "must_change_password" INTEGER NOT NULL DEFAULT 0
    CONSTRAINT "users_must_change_password_form" CHECK ("must_change_password" IN (0, 1)),
  "created_at" TEXT NOT NULL,
  "updated_at" TEXT NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 1,
  "deleted_at" TEXT,
  "_deletion" TEXT
) STRICT;

CREATE UNIQUE INDEX "users_email_unique" ON "users" ("email") WHERE "deleted_at" IS NULL;
CREATE INDEX "users_created_at_idx" ON "users" ("created_at", "id") WHERE "deleted_at" IS NULL;

CREATE TRIGGER "users_set_updated_at" AFTER UPDATE ON "users"
FOR EACH ROW WHEN NEW."version" IS OLD."version"
BEGIN
  UPDATE "users"
  SET "updated_at" = max(OLD."updated_at", strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
      "version" = OLD."version" + 1
  WHERE "_row" = NEW."_row";
END;

CREATE TABLE "_roles" (
  "name" TEXT NOT NULL PRIMARY KEY,
  "permissions" TEXT NOT NULL CHECK (json_valid("permissions")),
  "created_at" TEXT NOT NULL,
  "updated_at" TEXT NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TRIGGER "_roles_set_updated_at" AFTER UPDATE ON "_roles"
FOR EACH ROW WHEN NEW."version" IS OLD."version"
BEGIN
  UPDATE "_roles"
  SET "updated_at" = max(OLD."updated_at", strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
      "version" = OLD."version" + 1
  WHERE "name" = NEW."name";
END;

CREATE TABLE "_user_roles" (
  "user_id" TEXT NOT NULL REFERENCES "users" ("id"),
  "role" TEXT NOT NULL REFERENCES "_roles" ("name"),
  "created_at" TEXT NOT NULL,
  PRIMARY KEY ("user_id", "role")
) STRICT, WITHOUT ROWID;

CREATE INDEX "_user_roles_role_idx" ON "_user_roles" ("role");

CREATE TABLE "_sessions" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "user_id" TEXT NOT NULL REFERENCES "users" ("id"),
  "csrf_key" TEXT NOT NULL,
  -- Refresh tokens of this generation are live, those of earlier ones are spent.
  "generation" INTEGER NOT NULL DEFAULT 1,
  "address" TEXT NOT NULL,
  "user_agent" TEXT,
  "expires_at" TEXT NOT NULL,
  "created_at" TEXT NOT NULL,
  "updated_at" TEXT NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

CREATE INDEX "_sessions_user_id_idx" ON "_sessions" ("user_id");
CREATE INDEX "_sessions_expires_at_idx" ON "_sessions" ("expires_at");

CREATE TRIGGER "_sessions_set_updated_at" AFTER UPDATE ON "_sessions"
FOR EACH ROW WHEN NEW."version" IS OLD."version"
BEGIN
  UPDATE "_sessions"
  SET "updated_at" = max(OLD."updated_at", strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
      "version" = OLD."version" + 1
  WHERE "id" = NEW."id";
END;

CREATE TABLE "_refresh_tokens" (
  "_row" INTEGER PRIMARY KEY,
  "hash" TEXT NOT NULL UNIQUE,
  "session_id" TEXT NOT NULL REFERENCES "_sessions" ("id"),
  "generation" INTEGER NOT NULL,
  -- When its generation ended; NULL while it is live.
  "spent_at" TEXT,
  "expires_at" TEXT NOT NULL,
  "created_at" TEXT NOT NULL
) STRICT;

CREATE INDEX "_refresh_tokens_session_id_idx" ON "_refresh_tokens" ("session_id", "generation");

-- What was done to accounts, sessions and collections, and what was tried and refused.
CREATE TABLE "_audit_entries" (
  "seq" INTEGER PRIMARY KEY AUTOINCREMENT,
  "at" TEXT NOT NULL,
  "action" TEXT NOT NULL,
  "actor" TEXT NOT NULL,
  "target" TEXT,
  "address" TEXT,
  "request_id" TEXT,
  "outcome" TEXT NOT NULL CHECK ("outcome" IN ('success', 'failure'))
) STRICT;

INSERT INTO "_roles" ("name", "permissions", "created_at", "updated_at") VALUES
  ('admin', '["*"]', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'),
  ('editor', '["*:read","*:write"]', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'),
  ('viewer', '["*:read"]', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z');

INSERT INTO "_revisions" ("revision", "collection", "definition", "created_at") VALUES (1, 'users',
  '{"name":"users","singular":"user","deletion":"soft","fields":['
  || '{"name":"email","type":"email","required":true,"unique":true},'
  || '{"name":"display_name","type":"text","required":true,"max":100},'
  || '{"name":"avatar_url","type":"url"},'
  || '{"name":"status","type":"select","required":true,"options":["active","disabled"],"default":"active"}]}',
  '2026-01-01T00:00:00.000Z');

INSERT INTO "_collections" ("name", "revision", "created_at", "updated_at") VALUES
  ('users', 1, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z');
