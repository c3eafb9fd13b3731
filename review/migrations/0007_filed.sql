-- A number that grows with whatever is put down of a file, also where no document comes or goes: another path of the same
-- bytes, a file that could not be read.

CREATE TABLE filed (number INTEGER NOT NULL) STRICT;
INSERT INTO filed (number) VALUES (0);

CREATE TRIGGER source_met AFTER INSERT ON source BEGIN UPDATE filed SET number = number + 1; END;
CREATE TRIGGER source_changed AFTER UPDATE ON source BEGIN UPDATE filed SET number = number + 1; END;
CREATE TRIGGER source_gone AFTER DELETE ON source BEGIN UPDATE filed SET number = number + 1; END;

PRAGMA user_version = 7;
