-- Nothing is overwritten: the database itself refuses, whatever program asks. SQLite only.

CREATE TRIGGER readiness_no_update BEFORE UPDATE ON readiness
BEGIN SELECT RAISE(ABORT, 'readiness: append-only'); END;

CREATE TRIGGER readiness_no_delete BEFORE DELETE ON readiness
BEGIN SELECT RAISE(ABORT, 'readiness: append-only'); END;
