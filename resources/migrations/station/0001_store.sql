-- The store of one station. What an act wrote is never changed or deleted: triggers refuse it. Only
-- `protocols` (where each protocol stands now), the batch an outbox row travels in, and the state of a
-- batch's sending move, and each of their moves has its row in the journal.

CREATE TABLE station (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    election TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('OSTRY', 'ZKOUSKA')),
    transfer_point INTEGER NOT NULL,
    station TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE originals (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    name TEXT NOT NULL,
    data BLOB NOT NULL,
    received_at TEXT NOT NULL,
    user TEXT NOT NULL
) STRICT;

CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    municipality INTEGER NOT NULL,
    precinct INTEGER NOT NULL,
    contest TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    content_hash TEXT NOT NULL CHECK (length(content_hash) = 64),
    corrected INTEGER NOT NULL CHECK (corrected IN (0, 1)),
    passable_error INTEGER NOT NULL CHECK (passable_error IN (0, 1)),
    original_sha256 TEXT NOT NULL REFERENCES originals (sha256),
    position INTEGER NOT NULL CHECK (position >= 0),
    source TEXT NOT NULL CHECK (source IN ('SOUBOR', 'PAPIR')),
    accepted_at TEXT NOT NULL,
    accepted_by TEXT NOT NULL CHECK (accepted_by <> ''),
    approved_by TEXT CHECK (approved_by <> ''),
    reason TEXT NOT NULL,
    UNIQUE (municipality, precinct, contest, revision),
    CHECK (revision = 1 OR (corrected = 1 AND reason <> ''))
) STRICT;

CREATE TABLE protocols (
    municipality INTEGER NOT NULL,
    precinct INTEGER NOT NULL,
    contest TEXT NOT NULL,
    state TEXT NOT NULL,
    since TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 0),
    warnings INTEGER NOT NULL DEFAULT 0,
    user TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (municipality, precinct, contest)
) STRICT, WITHOUT ROWID;

CREATE TABLE holds (
    id INTEGER PRIMARY KEY,
    municipality INTEGER NOT NULL,
    precinct INTEGER NOT NULL,
    contest TEXT NOT NULL,
    content_hash TEXT NOT NULL CHECK (length(content_hash) = 64),
    accepted_revision INTEGER NOT NULL,
    original_sha256 TEXT NOT NULL REFERENCES originals (sha256),
    position INTEGER NOT NULL CHECK (position >= 0),
    answers TEXT NOT NULL,
    correction_reason TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    entered_by TEXT NOT NULL CHECK (entered_by <> ''),
    held_at TEXT NOT NULL
) STRICT;
CREATE INDEX holds_of_protocol ON holds (municipality, precinct, contest);

CREATE TABLE hold_ends (
    hold_id INTEGER PRIMARY KEY REFERENCES holds (id),
    kind TEXT NOT NULL CHECK (kind IN ('approved', 'sent-back')),
    user TEXT NOT NULL CHECK (user <> ''),
    at TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE TABLE refusals (
    id INTEGER PRIMARY KEY,
    municipality INTEGER NOT NULL,
    precinct INTEGER NOT NULL,
    contest TEXT NOT NULL,
    original_sha256 TEXT NOT NULL REFERENCES originals (sha256),
    position INTEGER NOT NULL CHECK (position >= 0),
    rules TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    user TEXT NOT NULL CHECK (user <> ''),
    at TEXT NOT NULL
) STRICT;

CREATE TABLE batches (
    number INTEGER PRIMARY KEY CHECK (number >= 1),
    previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
    hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
    data BLOB NOT NULL,
    made_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ready', 'sending', 'unknown', 'kept', 'refused', 'answered'))
) STRICT;
CREATE INDEX batches_unanswered ON batches (number) WHERE state <> 'answered';

CREATE TABLE outbox (
    version_id INTEGER PRIMARY KEY REFERENCES versions (id),
    batch_number INTEGER REFERENCES batches (number)
) STRICT;
CREATE INDEX outbox_waiting ON outbox (version_id) WHERE batch_number IS NULL;
CREATE INDEX outbox_of_batch ON outbox (batch_number);

CREATE TABLE receipts (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
    batch_number INTEGER NOT NULL REFERENCES batches (number),
    status TEXT NOT NULL,
    code TEXT NOT NULL,
    data BLOB NOT NULL,
    received_at TEXT NOT NULL
) STRICT;

CREATE TABLE outcomes (
    version_id INTEGER NOT NULL REFERENCES versions (id),
    receipt_id INTEGER NOT NULL REFERENCES receipts (id),
    confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
    code TEXT NOT NULL,
    rules TEXT NOT NULL,
    processing_order INTEGER,
    PRIMARY KEY (version_id, receipt_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
    seq INTEGER PRIMARY KEY CHECK (seq >= 1),
    at TEXT NOT NULL,
    user TEXT NOT NULL,
    act TEXT NOT NULL,
    municipality INTEGER,
    precinct INTEGER,
    contest TEXT,
    revision INTEGER,
    details TEXT NOT NULL,
    previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
    hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

CREATE TRIGGER station_keeps BEFORE UPDATE ON station BEGIN SELECT RAISE(ABORT, 'station is append-only'); END;
CREATE TRIGGER station_stays BEFORE DELETE ON station BEGIN SELECT RAISE(ABORT, 'station is append-only'); END;
CREATE TRIGGER originals_keep BEFORE UPDATE ON originals BEGIN SELECT RAISE(ABORT, 'originals are append-only'); END;
CREATE TRIGGER originals_stay BEFORE DELETE ON originals BEGIN SELECT RAISE(ABORT, 'originals are append-only'); END;
CREATE TRIGGER versions_keep BEFORE UPDATE ON versions BEGIN SELECT RAISE(ABORT, 'versions are append-only'); END;
CREATE TRIGGER versions_stay BEFORE DELETE ON versions BEGIN SELECT RAISE(ABORT, 'versions are append-only'); END;
CREATE TRIGGER protocols_stay BEFORE DELETE ON protocols BEGIN SELECT RAISE(ABORT, 'protocols are never deleted'); END;
CREATE TRIGGER protocols_grow BEFORE UPDATE ON protocols
WHEN new.revision < old.revision OR new.municipality <> old.municipality OR new.precinct <> old.precinct
    OR new.contest <> old.contest
BEGIN SELECT RAISE(ABORT, 'a revision never falls'); END;
CREATE TRIGGER holds_keep BEFORE UPDATE ON holds BEGIN SELECT RAISE(ABORT, 'holds are append-only'); END;
CREATE TRIGGER holds_stay BEFORE DELETE ON holds BEGIN SELECT RAISE(ABORT, 'holds are append-only'); END;
CREATE TRIGGER hold_ends_keep BEFORE UPDATE ON hold_ends BEGIN SELECT RAISE(ABORT, 'hold_ends are append-only'); END;
CREATE TRIGGER hold_ends_stay BEFORE DELETE ON hold_ends BEGIN SELECT RAISE(ABORT, 'hold_ends are append-only'); END;
CREATE TRIGGER refusals_keep BEFORE UPDATE ON refusals BEGIN SELECT RAISE(ABORT, 'refusals are append-only'); END;
CREATE TRIGGER refusals_stay BEFORE DELETE ON refusals BEGIN SELECT RAISE(ABORT, 'refusals are append-only'); END;
CREATE TRIGGER batches_keep BEFORE UPDATE OF number, previous_hash, hash, data, made_at ON batches
BEGIN SELECT RAISE(ABORT, 'batches are append-only'); END;
CREATE TRIGGER batches_end BEFORE UPDATE OF state ON batches WHEN old.state = 'answered' AND new.state <> 'answered'
BEGIN SELECT RAISE(ABORT, 'an answered batch stays answered'); END;
CREATE TRIGGER batches_stay BEFORE DELETE ON batches BEGIN SELECT RAISE(ABORT, 'batches are append-only'); END;
CREATE TRIGGER outbox_keeps BEFORE UPDATE ON outbox
WHEN old.batch_number IS NOT NULL OR new.version_id <> old.version_id
BEGIN SELECT RAISE(ABORT, 'an outbox row travels once'); END;
CREATE TRIGGER outbox_stays BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'outbox is append-only'); END;
CREATE TRIGGER receipts_keep BEFORE UPDATE ON receipts BEGIN SELECT RAISE(ABORT, 'receipts are append-only'); END;
CREATE TRIGGER receipts_stay BEFORE DELETE ON receipts BEGIN SELECT RAISE(ABORT, 'receipts are append-only'); END;
CREATE TRIGGER outcomes_keep BEFORE UPDATE ON outcomes BEGIN SELECT RAISE(ABORT, 'outcomes are append-only'); END;
CREATE TRIGGER outcomes_stay BEFORE DELETE ON outcomes BEGIN SELECT RAISE(ABORT, 'outcomes are append-only'); END;
CREATE TRIGGER journal_keeps BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
CREATE TRIGGER journal_stays BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
