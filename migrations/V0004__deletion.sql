-- What purging by age needs: what was deleted before a day.

CREATE INDEX "users_deleted_at_idx" ON "users" ("deleted_at", "id") WHERE "deleted_at" IS NOT NULL;
