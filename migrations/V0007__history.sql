-- Every version of the records of collections that keep their history.

CREATE TABLE "_history" (
  "collection" TEXT NOT NULL,
  "record_id" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  -- When the record became what it was in this version.
  "at" TEXT NOT NULL,
  -- Both NULL for a version that was not made by a request since the history is kept.
  "actor" TEXT,
  "request_id" TEXT,
  "revision" INTEGER NOT NULL,
  "deleted_at" TEXT,
  -- The columns as they were, as JSON under their names.
  "image" TEXT NOT NULL CHECK (json_valid("image")),
  PRIMARY KEY ("collection", "record_id", "version")
) STRICT;
