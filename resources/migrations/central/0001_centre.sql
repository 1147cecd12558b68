-- The centre's tables. Portable SQL: BLOB is replaced by the database's own word where it has another.
-- Every number in an `id` column is given by the writer in its transaction, one more than the last:
-- so a gap would be seen, and the order of the numbers is the order of the commits.
-- Times are UTC as text of fixed width, so that they compare as text.

CREATE TABLE station_act (
    id INTEGER PRIMARY KEY,
    station TEXT NOT NULL,
    transfer_point INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,          -- SHA-256 of the certificate
    act TEXT NOT NULL CHECK (act IN ('ADDED', 'REVOKED')),
    at TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX station_act_by_station ON station_act (station, id);

CREATE TABLE batch (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,        -- of the signed bytes: the same bytes get the same receipt
    station TEXT NOT NULL,
    number INTEGER NOT NULL,
    previous_hash TEXT NOT NULL,
    status TEXT NOT NULL,
    received_at TEXT NOT NULL,
    raw BLOB NOT NULL,
    receipt BLOB NOT NULL,
    UNIQUE (station, number)
);

CREATE TABLE set_aside (                -- signed by a known station, and yet not taken: kept as evidence
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    station TEXT NOT NULL,
    number INTEGER,                     -- none where the content could not be read
    status TEXT NOT NULL,
    code TEXT NOT NULL,
    received_at TEXT NOT NULL,
    raw BLOB NOT NULL,
    receipt BLOB NOT NULL
);

CREATE TABLE revision (
    id INTEGER PRIMARY KEY,
    contest TEXT NOT NULL,
    municipality INTEGER NOT NULL,
    precinct INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    batch INTEGER NOT NULL REFERENCES batch (id),
    station TEXT NOT NULL,
    processing_order INTEGER,           -- PORADI_ZPRAC; none where a later revision was there before it
    processed_at TEXT NOT NULL,         -- DATUM_CAS_ZPRAC; never falls
    resent INTEGER NOT NULL,            -- OPAKOVANE
    protocol BLOB NOT NULL,
    UNIQUE (contest, municipality, precinct, revision),
    UNIQUE (contest, processing_order)
);

CREATE TABLE verdict (
    batch INTEGER NOT NULL REFERENCES batch (id),
    position INTEGER NOT NULL,
    contest TEXT NOT NULL,
    municipality INTEGER NOT NULL,
    precinct INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    code TEXT NOT NULL,
    rules TEXT NOT NULL,                -- ids of the failed rules, separated by spaces
    content_hash TEXT NOT NULL,
    PRIMARY KEY (batch, position)
);

CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous_hash TEXT NOT NULL UNIQUE, -- a chain has no forks
    hash TEXT NOT NULL UNIQUE
);

CREATE TABLE publication (
    version INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    last_revision INTEGER NOT NULL,     -- everything up to this revision.id is in it
    processed TEXT NOT NULL             -- precincts processed by contest, for the comparison after a restart
);

CREATE TABLE published_batch (
    contest TEXT NOT NULL,
    number INTEGER NOT NULL,            -- PORADI_DAVKY
    generated_at TEXT NOT NULL,
    first_order INTEGER NOT NULL,
    last_order INTEGER NOT NULL,
    precincts_processed INTEGER NOT NULL, -- OKRSKY_ZPRAC: distinct precincts so far
    PRIMARY KEY (contest, number)
);
