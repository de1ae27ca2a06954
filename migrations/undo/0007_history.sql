-- Takes the history of records away, with all versions that were kept.

DROP TABLE "_history";
