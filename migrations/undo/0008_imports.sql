-- Imports can no longer be taken back; what they have made stays.

DROP TABLE "_import_records";
DROP TABLE "_imports";
