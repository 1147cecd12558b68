-- The centre's permits to accept a protocol after the 24 hours: the signed files as they came, and what
-- each covers. Append-only; a permit ends by its time, never by a change.

CREATE TABLE permits (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
    number INTEGER NOT NULL CHECK (number >= 1),
    municipality INTEGER NOT NULL,
    precinct INTEGER NOT NULL,
    contest TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    data BLOB NOT NULL,
    user TEXT NOT NULL CHECK (user <> ''),
    at TEXT NOT NULL
) STRICT;
CREATE INDEX permits_of_protocol ON permits (municipality, precinct, contest);

CREATE TRIGGER permits_keep BEFORE UPDATE ON permits BEGIN SELECT RAISE(ABORT, 'permits are append-only'); END;
CREATE TRIGGER permits_stay BEFORE DELETE ON permits BEGIN SELECT RAISE(ABORT, 'permits are append-only'); END;
