-- A station in quarantine, and how it was settled: which of its chains goes on.

CREATE TABLE chain_act (
    id INTEGER PRIMARY KEY,             -- given by the writer, one more than the last
    station TEXT NOT NULL,
    act TEXT NOT NULL CHECK (act IN ('QUARANTINED', 'SETTLED')),
    chain TEXT NOT NULL,                -- the chain that goes on: 662-1, or 662-1/2 for a later one
    parent TEXT NOT NULL,               -- the chain that a new one branches from; else empty
    fork_number INTEGER NOT NULL,       -- the parent's batches up to this number belong to the new one too
    code TEXT NOT NULL,                 -- why the batch was set aside
    sha256 TEXT NOT NULL,               -- of the batch that caused it, or of the branch's last one
    at TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX chain_act_by_station ON chain_act (station, id);

CREATE TABLE released (                 -- set aside once, to be judged when they come again
    sha256 TEXT PRIMARY KEY,
    settlement INTEGER NOT NULL REFERENCES chain_act (id)
);
CREATE INDEX set_aside_by_station ON set_aside (station, id);
