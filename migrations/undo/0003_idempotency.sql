-- Forgets what was done under a key: a request that is repeated is done again.

DROP TABLE "_idempotency_keys";
