-- Takes the index for purging by age away.

DROP INDEX "users_deleted_at_idx";
