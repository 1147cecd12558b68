-- How stations come into service and with which programs they work: signed lists of expected stations, their
-- certificate requests, the certificates that are handed out, lists of approved programs, and the program
-- that each station last told. Nothing here touches a result.

CREATE TABLE setting_up (
    id INTEGER PRIMARY KEY,             -- given by the writer, one more than the last
    kind TEXT NOT NULL CHECK (kind IN ('EXPECTED', 'REQUEST', 'CERTIFICATE', 'BUILDS', 'PROGRAM')),
    station TEXT NOT NULL,              -- empty for a list
    subject TEXT NOT NULL,              -- a list's hash or serial, a token's hash, a key's hash, station and count
    raw TEXT NOT NULL,                  -- Base64
    at TEXT NOT NULL,
    UNIQUE (kind, subject)
);
CREATE INDEX setting_up_by_station ON setting_up (station, kind, id);
