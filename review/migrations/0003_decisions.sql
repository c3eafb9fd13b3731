-- What people decided: only ever appended, each row chained to the one before it by its hash (src/audit.rs).

CREATE TABLE decision (
    number INTEGER PRIMARY KEY,         -- from 1, without gaps
    subject TEXT NOT NULL,              -- JSON
    document TEXT,                      -- SHA-256 of the version that was seen
    verdict INTEGER NOT NULL,           -- 1 where it settles what holds, 0 for assignments, comments and facts
    body TEXT NOT NULL,                 -- JSON of the whole decision; what is hashed
    hash TEXT NOT NULL                  -- SHA-256 over the hash before it and the body, 64 hex digits
) STRICT;
CREATE INDEX decision_subject ON decision (subject);

CREATE TRIGGER decision_is_final BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END;
CREATE TRIGGER decision_stays BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'a decision is never taken out'); END;

PRAGMA user_version = 3;
