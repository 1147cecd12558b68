-- What people decided or declared about results: lots, finalists who left, precincts never delivered,
-- complete areas, withdrawn results, and acts undone. The signed file says everything; the columns beside
-- it are what the store itself has to know.

CREATE TABLE act (
    number INTEGER PRIMARY KEY,         -- given by the writer, one more than the last
    after_revision INTEGER NOT NULL,    -- it comes after this revision.id and before the next one
    kind TEXT NOT NULL,
    contest TEXT NOT NULL,
    municipality INTEGER,               -- of an act about one precinct
    precinct INTEGER,
    processing_order INTEGER,           -- PORADI_ZPRAC of a withdrawal, in the row of the revisions' ones
    processed_at TEXT NOT NULL,         -- never before that of the revision or the act before it
    cancels INTEGER UNIQUE REFERENCES act (number), -- an act is undone at most once
    raw BLOB NOT NULL,
    UNIQUE (contest, processing_order)
);
