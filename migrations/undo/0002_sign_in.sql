-- Forgets who has failed to sign in, and when sessions were last used.

DROP INDEX "_audit_entries_failure_idx";
DROP TABLE "_sign_in_prefixes";
DROP TABLE "_sign_in_failures";
DROP INDEX "_sessions_last_used_at_idx";
ALTER TABLE "_sessions" DROP COLUMN "last_used_at";
