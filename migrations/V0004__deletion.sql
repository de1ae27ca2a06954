-- What purging needs: the events of a record, and what was deleted before a day.

CREATE INDEX "_events_record_id_idx" ON "_events" ("record_id");

CREATE INDEX "users_deleted_at_idx" ON "users" ("deleted_at", "id") WHERE "deleted_at" IS NOT NULL;
