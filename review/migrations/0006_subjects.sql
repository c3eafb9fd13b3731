-- As whom another service knows a user: its issuer address and its name for the person.

ALTER TABLE user ADD COLUMN subject TEXT;
CREATE UNIQUE INDEX user_subject ON user (subject) WHERE subject IS NOT NULL;

PRAGMA user_version = 6;
