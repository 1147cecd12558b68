-- Which workstation a precinct was assigned to: one row for each change, the last one holds, an empty
-- workstation ends it. It is a plan of the point and no result. Append-only.

CREATE TABLE assignments (
    id INTEGER PRIMARY KEY,
    municipality INTEGER NOT NULL,
    precinct INTEGER NOT NULL,
    station TEXT NOT NULL,
    user TEXT NOT NULL CHECK (user <> ''),
    at TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE INDEX assignments_of_precinct ON assignments (municipality, precinct);

CREATE TRIGGER assignments_keep BEFORE UPDATE ON assignments BEGIN SELECT RAISE(ABORT, 'assignments are append-only'); END;
CREATE TRIGGER assignments_stay BEFORE DELETE ON assignments BEGIN SELECT RAISE(ABORT, 'assignments are append-only'); END;
