-- Takes the foundation away, children before parents. Collections of the operator must be gone.

DROP TABLE "_audit_entries";
DROP TABLE "_refresh_tokens";
DROP TABLE "_sessions";
DROP TABLE "_user_roles";
DROP TABLE "_roles";
DROP TABLE "users";
DROP TABLE "_tombstones";
DROP TABLE "_events";
DROP TABLE "_collections";
DROP TABLE "_revisions";
DROP TABLE "_instances";
