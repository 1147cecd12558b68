-- Signed files of other transfer points that came by a stick, because a line works here and not there: their
-- batches, pushed to the centre for them, and the receipts that go back by the next stick. They are cargo:
-- nothing in them is shown here. Append-only.

CREATE TABLE carried (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
    kind TEXT NOT NULL CHECK (kind IN ('batch', 'receipt')),
    station TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 0),
    batch_sha256 TEXT NOT NULL CHECK (length(batch_sha256) = 64),
    settled INTEGER NOT NULL CHECK (settled IN (0, 1)), -- a receipt that answers for the protocols
    data BLOB NOT NULL,
    came TEXT NOT NULL CHECK (came IN ('centre', 'stick')),
    received_at TEXT NOT NULL,
    user TEXT NOT NULL CHECK (user <> '')
) STRICT;
CREATE INDEX carried_by_batch ON carried (kind, batch_sha256);
CREATE INDEX carried_by_station ON carried (kind, station, number);

CREATE TRIGGER carried_keep BEFORE UPDATE ON carried BEGIN SELECT RAISE(ABORT, 'carried files are append-only'); END;
CREATE TRIGGER carried_stay BEFORE DELETE ON carried BEGIN SELECT RAISE(ABORT, 'carried files are append-only'); END;
