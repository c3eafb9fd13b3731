-- What tells copies and versions of a document from other documents: JSON; NULL in mappings that are older than this.

ALTER TABLE mapping ADD COLUMN likeness TEXT;

PRAGMA user_version = 2;
