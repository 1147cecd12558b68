-- Typing from paper, mending on the spot, deadlines of refusals. All of it is append-only: a draft's
-- present values are the last row of each field, its state and owner the last step of their kind.

CREATE TABLE drafts (
    id INTEGER PRIMARY KEY,
    municipality INTEGER NOT NULL,
    precinct INTEGER NOT NULL,
    contest TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number IN (1, 2)),
    first_id INTEGER REFERENCES drafts (id),
    begun_by TEXT NOT NULL CHECK (begun_by <> ''),
    begun_at TEXT NOT NULL,
    CHECK ((number = 1) = (first_id IS NULL))
) STRICT;
CREATE INDEX drafts_of_protocol ON drafts (municipality, precinct, contest);

CREATE TABLE draft_fields (
    id INTEGER PRIMARY KEY,
    draft_id INTEGER NOT NULL REFERENCES drafts (id),
    name TEXT NOT NULL,
    list_number INTEGER,
    candidate INTEGER,
    value INTEGER CHECK (value >= 0),
    user TEXT NOT NULL CHECK (user <> ''),
    at TEXT NOT NULL
) STRICT;
CREATE INDEX draft_fields_of_draft ON draft_fields (draft_id);

CREATE TABLE draft_steps (
    id INTEGER PRIMARY KEY,
    draft_id INTEGER NOT NULL REFERENCES drafts (id),
    kind TEXT NOT NULL CHECK (kind IN
        ('finished', 'reopened', 'taken-over', 'mended', 'compared', 'discarded', 'restored', 'closed')),
    user TEXT NOT NULL CHECK (user <> ''),
    at TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX draft_steps_of_draft ON draft_steps (draft_id);

-- Who types each draft, and what was done last with the whole of it.
CREATE VIEW draft_stands AS
SELECT d.id, d.municipality, d.precinct, d.contest, d.number,
    coalesce((SELECT user FROM draft_steps AS s WHERE s.draft_id = d.id AND s.kind = 'taken-over'
        ORDER BY s.id DESC LIMIT 1), d.begun_by) AS owner,
    coalesce((SELECT kind FROM draft_steps AS s WHERE s.draft_id = d.id
        AND s.kind IN ('discarded', 'restored', 'closed') ORDER BY s.id DESC LIMIT 1), 'restored') AS whole
FROM drafts AS d;

CREATE TABLE settlements (
    id INTEGER PRIMARY KEY,
    second_id INTEGER NOT NULL REFERENCES drafts (id),
    name TEXT NOT NULL,
    list_number INTEGER,
    candidate INTEGER,
    value INTEGER CHECK (value >= 0),
    situation TEXT NOT NULL CHECK (situation IN ('others-reading', 'own-reading', 'third-value')),
    user TEXT NOT NULL CHECK (user <> ''),
    at TEXT NOT NULL,
    reason TEXT NOT NULL,
    CHECK (situation = 'others-reading' OR reason <> '')
) STRICT;
CREATE INDEX settlements_of_draft ON settlements (second_id);

CREATE TABLE closings (
    id INTEGER PRIMARY KEY,
    municipality INTEGER NOT NULL,
    precinct INTEGER NOT NULL,
    contest TEXT NOT NULL,
    first_id INTEGER NOT NULL UNIQUE REFERENCES drafts (id),
    second_id INTEGER NOT NULL UNIQUE REFERENCES drafts (id),
    original_sha256 TEXT NOT NULL REFERENCES originals (sha256),
    hands TEXT NOT NULL,
    user TEXT NOT NULL CHECK (user <> ''),
    at TEXT NOT NULL
) STRICT;
CREATE INDEX closings_of_protocol ON closings (municipality, precinct, contest);

CREATE TABLE mends (
    id INTEGER PRIMARY KEY,
    municipality INTEGER NOT NULL,
    precinct INTEGER NOT NULL,
    contest TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('SOUBOR', 'PAPIR')),
    before_sha256 TEXT NOT NULL REFERENCES originals (sha256),
    before_position INTEGER NOT NULL CHECK (before_position >= 0),
    mended_sha256 TEXT NOT NULL REFERENCES originals (sha256),
    changes TEXT NOT NULL,
    answers TEXT NOT NULL,
    correction_reason TEXT NOT NULL,
    correction_author TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    hands TEXT NOT NULL,
    user TEXT NOT NULL CHECK (user <> ''),
    at TEXT NOT NULL
) STRICT;
CREATE INDEX mends_of_protocol ON mends (municipality, precinct, contest);

-- Bytes of a protocol and when they were decided: accepted, refused, mended, or put before another person
-- who did not send them back.
CREATE VIEW decisions AS
SELECT municipality, precinct, contest, original_sha256 AS sha256, accepted_at AS at FROM versions
UNION ALL SELECT municipality, precinct, contest, original_sha256, at FROM refusals
UNION ALL SELECT municipality, precinct, contest, before_sha256, at FROM mends
UNION ALL SELECT municipality, precinct, contest, original_sha256, held_at FROM holds
    WHERE id NOT IN (SELECT hold_id FROM hold_ends WHERE kind = 'sent-back');

ALTER TABLE holds ADD COLUMN source TEXT NOT NULL DEFAULT 'SOUBOR' CHECK (source IN ('SOUBOR', 'PAPIR'));
ALTER TABLE holds ADD COLUMN hands TEXT NOT NULL DEFAULT '[]';
ALTER TABLE refusals ADD COLUMN deadline TEXT;

CREATE TRIGGER drafts_keep BEFORE UPDATE ON drafts BEGIN SELECT RAISE(ABORT, 'drafts are append-only'); END;
CREATE TRIGGER drafts_stay BEFORE DELETE ON drafts BEGIN SELECT RAISE(ABORT, 'drafts are append-only'); END;
CREATE TRIGGER draft_fields_keep BEFORE UPDATE ON draft_fields BEGIN SELECT RAISE(ABORT, 'draft_fields are append-only'); END;
CREATE TRIGGER draft_fields_stay BEFORE DELETE ON draft_fields BEGIN SELECT RAISE(ABORT, 'draft_fields are append-only'); END;
CREATE TRIGGER draft_steps_keep BEFORE UPDATE ON draft_steps BEGIN SELECT RAISE(ABORT, 'draft_steps are append-only'); END;
CREATE TRIGGER draft_steps_stay BEFORE DELETE ON draft_steps BEGIN SELECT RAISE(ABORT, 'draft_steps are append-only'); END;
CREATE TRIGGER settlements_keep BEFORE UPDATE ON settlements BEGIN SELECT RAISE(ABORT, 'settlements are append-only'); END;
CREATE TRIGGER settlements_stay BEFORE DELETE ON settlements BEGIN SELECT RAISE(ABORT, 'settlements are append-only'); END;
CREATE TRIGGER closings_keep BEFORE UPDATE ON closings BEGIN SELECT RAISE(ABORT, 'closings are append-only'); END;
CREATE TRIGGER closings_stay BEFORE DELETE ON closings BEGIN SELECT RAISE(ABORT, 'closings are append-only'); END;
CREATE TRIGGER mends_keep BEFORE UPDATE ON mends BEGIN SELECT RAISE(ABORT, 'mends are append-only'); END;
CREATE TRIGGER mends_stay BEFORE DELETE ON mends BEGIN SELECT RAISE(ABORT, 'mends are append-only'); END;
