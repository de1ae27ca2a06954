-- Takes the indexes for purging away.

DROP INDEX "users_deleted_at_idx";
DROP INDEX "_events_record_id_idx";
