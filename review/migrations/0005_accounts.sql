-- Who may ask the web application. Moments are seconds since 1970; of secrets only SHA-256 digests are kept, 64 hex digits.

CREATE TABLE user (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    role TEXT NOT NULL,
    password TEXT NOT NULL,             -- argon2id in PHC form; empty where another service vouches for the person
    added INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    digest TEXT PRIMARY KEY,
    user INTEGER REFERENCES user (id) ON DELETE CASCADE,
    person TEXT,                        -- who sits at the machine, where no user was set up
    begun INTEGER NOT NULL,
    seen INTEGER NOT NULL               -- about when it was last used
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user ON session (user) WHERE user IS NOT NULL;

CREATE TABLE token (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    digest TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    added INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    last_used TEXT                      -- the day
) STRICT;

PRAGMA user_version = 5;
