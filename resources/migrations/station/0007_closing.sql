-- Closing the point: why something is missing, in a supervisor's words, and when the point was closed and
-- opened again. All of it is append-only; an explanation holds only for the state that it was given for.

CREATE TABLE explanations (
    id INTEGER PRIMARY KEY,
    municipality INTEGER NOT NULL,
    precinct INTEGER NOT NULL,
    contest TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 0),
    reason TEXT NOT NULL CHECK (reason <> ''),
    user TEXT NOT NULL CHECK (user <> ''),
    at TEXT NOT NULL
) STRICT;
CREATE INDEX explanations_of_protocol ON explanations (municipality, precinct, contest);

CREATE TABLE point_steps (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('closed', 'reopened')),
    user TEXT NOT NULL CHECK (user <> ''),
    at TEXT NOT NULL,
    reason TEXT NOT NULL,
    report_sha256 TEXT CHECK (length(report_sha256) = 64),
    journal_seq INTEGER NOT NULL,
    journal_hash TEXT NOT NULL CHECK (length(journal_hash) = 64),
    CHECK ((kind = 'closed') = (report_sha256 IS NOT NULL)),
    CHECK (kind = 'closed' OR reason <> '')
) STRICT;

CREATE TRIGGER explanations_keep BEFORE UPDATE ON explanations BEGIN SELECT RAISE(ABORT, 'explanations are append-only'); END;
CREATE TRIGGER explanations_stay BEFORE DELETE ON explanations BEGIN SELECT RAISE(ABORT, 'explanations are append-only'); END;
CREATE TRIGGER point_steps_keep BEFORE UPDATE ON point_steps BEGIN SELECT RAISE(ABORT, 'point_steps are append-only'); END;
CREATE TRIGGER point_steps_stay BEFORE DELETE ON point_steps BEGIN SELECT RAISE(ABORT, 'point_steps are append-only'); END;
