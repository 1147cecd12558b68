-- What is known of the other workstations of the point. All of it is append-only: signed documents as they
-- came (answers of the centre, batches of the others, receipts that they got), what the centre decided by
-- them, what the batches hold, and conflicts in which this station gave way.

CREATE TABLE point_documents (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
    kind TEXT NOT NULL CHECK (kind IN ('state', 'batch', 'receipt')),
    station TEXT NOT NULL,
    number INTEGER NOT NULL,
    data BLOB NOT NULL,
    came TEXT NOT NULL CHECK (came IN ('centre', 'stick')),
    received_at TEXT NOT NULL,
    user TEXT NOT NULL CHECK (user <> '')
) STRICT;
CREATE INDEX point_documents_by_station ON point_documents (kind, station, number);

CREATE TABLE point_decisions (
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES point_documents (id),
    municipality INTEGER NOT NULL,
    precinct INTEGER NOT NULL,
    contest TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    station TEXT NOT NULL,
    batch_number INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    code TEXT NOT NULL,
    content_hash TEXT NOT NULL CHECK (length(content_hash) = 64),
    processing_order INTEGER,
    decided_at TEXT NOT NULL,
    UNIQUE (municipality, precinct, contest, revision, station, batch_number)
) STRICT;
CREATE INDEX point_decisions_by_batch ON point_decisions (station, batch_number);

CREATE TABLE point_items (
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES point_documents (id),
    position INTEGER NOT NULL CHECK (position >= 0),
    municipality INTEGER NOT NULL,
    precinct INTEGER NOT NULL,
    contest TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    station TEXT NOT NULL,
    batch_number INTEGER NOT NULL,
    content_hash TEXT NOT NULL CHECK (length(content_hash) = 64),
    accepted_at TEXT NOT NULL,
    accepted_by TEXT NOT NULL,
    UNIQUE (document_id, position)
) STRICT;
CREATE INDEX point_items_of_protocol ON point_items (municipality, precinct, contest, revision);

CREATE TABLE withdrawals (
    version_id INTEGER PRIMARY KEY REFERENCES versions (id),
    other_station TEXT NOT NULL,
    other_revision INTEGER NOT NULL CHECK (other_revision >= 1),
    other_hash TEXT NOT NULL CHECK (length(other_hash) = 64),
    reason TEXT NOT NULL CHECK (reason <> ''),
    user TEXT NOT NULL CHECK (user <> ''),
    at TEXT NOT NULL
) STRICT;

CREATE TRIGGER point_documents_keep BEFORE UPDATE ON point_documents BEGIN SELECT RAISE(ABORT, 'point_documents are append-only'); END;
CREATE TRIGGER point_documents_stay BEFORE DELETE ON point_documents BEGIN SELECT RAISE(ABORT, 'point_documents are append-only'); END;
CREATE TRIGGER point_decisions_keep BEFORE UPDATE ON point_decisions BEGIN SELECT RAISE(ABORT, 'point_decisions are append-only'); END;
CREATE TRIGGER point_decisions_stay BEFORE DELETE ON point_decisions BEGIN SELECT RAISE(ABORT, 'point_decisions are append-only'); END;
CREATE TRIGGER point_items_keep BEFORE UPDATE ON point_items BEGIN SELECT RAISE(ABORT, 'point_items are append-only'); END;
CREATE TRIGGER point_items_stay BEFORE DELETE ON point_items BEGIN SELECT RAISE(ABORT, 'point_items are append-only'); END;
CREATE TRIGGER withdrawals_keep BEFORE UPDATE ON withdrawals BEGIN SELECT RAISE(ABORT, 'withdrawals are append-only'); END;
CREATE TRIGGER withdrawals_stay BEFORE DELETE ON withdrawals BEGIN SELECT RAISE(ABORT, 'withdrawals are append-only'); END;
