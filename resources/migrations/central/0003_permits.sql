-- Permits to accept a protocol after the 24 hours: what the centre gave, with the signed file itself.

CREATE TABLE permit (
    number INTEGER PRIMARY KEY,         -- given by the writer, one more than the last
    contest TEXT NOT NULL,
    municipality INTEGER NOT NULL,
    precinct INTEGER NOT NULL,
    transfer_point INTEGER NOT NULL,
    valid_until TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    raw BLOB NOT NULL
);
CREATE INDEX permit_by_protocol ON permit (contest, municipality, precinct);
