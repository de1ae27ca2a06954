-- Which records an import has made, so that it can be taken back.

CREATE TABLE "_imports" (
  "id" TEXT PRIMARY KEY,
  "collection" TEXT NOT NULL,
  -- As in events: `user:<id>`, `operator` or `guest`.
  "actor" TEXT NOT NULL,
  -- `create` or `upsert`, and what it does where a row is bad: `abort` or `skip`.
  "mode" TEXT NOT NULL,
  "on_error" TEXT NOT NULL,
  -- False while it is written.
  "is_done" INTEGER NOT NULL CHECK ("is_done" IN (0, 1)),
  "created_at" TEXT NOT NULL
) STRICT;

CREATE INDEX "_imports_created_at_idx" ON "_imports" ("created_at");

-- A row for each batch of an import.
CREATE TABLE "_import_records" (
  "_row" INTEGER PRIMARY KEY,
  "import_id" TEXT NOT NULL REFERENCES "_imports" ("id") ON DELETE CASCADE,
  -- The ids of the records that it has made, as a JSON array.
  "ids" TEXT NOT NULL CHECK (json_valid("ids"))
) STRICT;

CREATE INDEX "_import_records_import_id_idx" ON "_import_records" ("import_id");
