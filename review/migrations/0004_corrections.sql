-- Which of a reviewer's corrections a document's facts had when it was mapped: the number of the last one, 0 for none.

ALTER TABLE mapping ADD COLUMN corrected INTEGER NOT NULL DEFAULT 0;
CREATE INDEX decision_document ON decision (document) WHERE document IS NOT NULL;

PRAGMA user_version = 4;
