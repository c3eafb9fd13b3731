-- The record, first version. Times are RFC 3339 in UTC; columns said to hold JSON hold the serde form of the type in `evidence`.

CREATE TABLE record (
    identity TEXT NOT NULL              -- drawn once; tells a derived index whose changes it has followed
) STRICT;
INSERT INTO record (identity) VALUES (lower(hex(randomblob(16))));

CREATE TABLE root (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE           -- canonical path of the folder or file that was given
) STRICT;

CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    media_type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    extractor TEXT NOT NULL,            -- version that read it
    current INTEGER NOT NULL,           -- 1 while a file on disk is known to hold it
    recorded TEXT NOT NULL,
    language TEXT NOT NULL,             -- JSON
    pages TEXT NOT NULL,                -- JSON
    facts TEXT NOT NULL,                -- JSON
    text TEXT NOT NULL                  -- canonical text; last, so that the columns before it are read without it
) STRICT;

-- Without their text, which is sliced from the document's.
CREATE TABLE passage (
    document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    char_start INTEGER NOT NULL,
    char_end INTEGER NOT NULL,
    byte_start INTEGER NOT NULL,
    byte_end INTEGER NOT NULL,
    page INTEGER,
    heading TEXT NOT NULL,              -- JSON
    context TEXT,                       -- JSON
    shape TEXT NOT NULL,
    PRIMARY KEY (document, ordinal)
) STRICT, WITHOUT ROWID;

-- What became of each file when it was last met.
CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    root INTEGER NOT NULL REFERENCES root (id),
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,          -- nanoseconds since 1970
    extractor TEXT NOT NULL,            -- version that looked at it
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    document TEXT REFERENCES document (sha256),
    media_type TEXT NOT NULL,
    pages INTEGER,
    passages INTEGER NOT NULL,
    vanished TEXT,                      -- when it was found to be gone; document is NULL then
    UNIQUE (root, path)
) STRICT;
CREATE INDEX source_document ON source (document) WHERE document IS NOT NULL;

CREATE TABLE version (
    source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,            -- from 1
    document TEXT NOT NULL REFERENCES document (sha256),
    recorded TEXT NOT NULL,
    superseded TEXT,
    PRIMARY KEY (source, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_document ON version (document);

-- One row a document: when it last came into the current view, changed in it, or left it.
CREATE TABLE change (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    document TEXT NOT NULL UNIQUE,
    removed INTEGER NOT NULL
) STRICT;

CREATE TABLE forgotten (
    id INTEGER PRIMARY KEY,
    root TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT,
    forgotten TEXT NOT NULL,
    why TEXT NOT NULL
) STRICT;

CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    fingerprint TEXT NOT NULL,
    started TEXT NOT NULL,
    finished TEXT,
    body TEXT                           -- JSON, once it is finished
) STRICT;

-- A document that was held against the catalogue, whether or not anything matched.
CREATE TABLE mapping (
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    UNIQUE (fingerprint, document)
) STRICT;
CREATE INDEX mapping_document ON mapping (document);

CREATE TABLE document_match (
    id INTEGER PRIMARY KEY,
    mapping INTEGER NOT NULL REFERENCES mapping (id) ON DELETE CASCADE,
    framework TEXT NOT NULL,
    requirement TEXT NOT NULL,
    sufficiency INTEGER NOT NULL,
    relevance REAL NOT NULL,
    body TEXT NOT NULL,                 -- JSON
    UNIQUE (mapping, framework, requirement)
) STRICT;
CREATE INDEX document_match_requirement ON document_match (framework, requirement);

CREATE TABLE assessment (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    framework TEXT NOT NULL,
    requirement TEXT NOT NULL,
    body TEXT NOT NULL,                 -- JSON
    PRIMARY KEY (run, position)
) STRICT;

PRAGMA application_id = 1937073766;     -- "suff"
PRAGMA user_version = 1;
