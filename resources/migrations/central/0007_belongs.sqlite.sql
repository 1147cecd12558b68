-- Nothing is overwritten: the database itself refuses, whatever program asks. SQLite only.

CREATE TRIGGER belongs_no_update BEFORE UPDATE ON belongs
BEGIN SELECT RAISE(ABORT, 'belongs: append-only'); END;

CREATE TRIGGER belongs_no_delete BEFORE DELETE ON belongs
BEGIN SELECT RAISE(ABORT, 'belongs: append-only'); END;
