-- Nothing is overwritten: the database itself refuses, whatever program asks. SQLite only.

CREATE TRIGGER change_no_update BEFORE UPDATE ON change
BEGIN SELECT RAISE(ABORT, 'change: append-only'); END;

CREATE TRIGGER change_no_delete BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'change: append-only'); END;
