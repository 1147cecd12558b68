-- Readiness reports of the stations, each with the signed file itself. A station sends as many as it likes;
-- its last one counts. Nothing here touches a result.

CREATE TABLE readiness (
    number INTEGER PRIMARY KEY,         -- given by the writer, one more than the last
    station TEXT NOT NULL,
    transfer_point INTEGER NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('PRIPRAVENO', 'NEPRIPRAVENO', 'NEURCENO')),
    tried_at TEXT NOT NULL,             -- by the station's clock
    received_at TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,        -- of the signed file: the same report is stored once
    raw BLOB NOT NULL
);
CREATE INDEX readiness_by_station ON readiness (station, number);
