-- What was published, item by item, as the changes files say it; and when each protocol was signed.

-- The signing time of the batch that brought the protocol, by the station's clock; empty where the row was
-- stored before this column was there. No result is published before both clocks say that voting has ended.
ALTER TABLE revision ADD COLUMN signed_at TEXT NOT NULL DEFAULT '';

-- Written in the transaction that claims the version, so that a version killed before it was written says
-- the same after the next start.
CREATE TABLE change (
    number INTEGER PRIMARY KEY,         -- PORADI: from 1 without gaps over all contests
    version INTEGER NOT NULL REFERENCES publication (version),
    contest TEXT NOT NULL,
    municipality INTEGER NOT NULL,
    precinct INTEGER NOT NULL,
    revision INTEGER NOT NULL,          -- of a withdrawal: the revision that is withdrawn
    kind TEXT NOT NULL CHECK (kind IN ('PRVNI', 'OPRAVA', 'ODVOLANI')),
    reason TEXT NOT NULL,               -- a code, never somebody's words
    taken_at TEXT NOT NULL,
    previous_hash TEXT NOT NULL,        -- OTISK of the precinct's change before this one
    content_hash TEXT NOT NULL,         -- empty for a withdrawal
    source INTEGER NOT NULL,            -- revision.id, or the number of the act that withdraws
    leaf TEXT NOT NULL                  -- the entry's hash in the Merkle tree
);
CREATE INDEX change_by_version ON change (version, number);
