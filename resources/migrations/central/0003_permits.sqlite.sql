-- Nothing is overwritten: the database itself refuses, whatever program asks. SQLite only.

CREATE TRIGGER permit_no_update BEFORE UPDATE ON permit
BEGIN SELECT RAISE(ABORT, 'permit: append-only'); END;

CREATE TRIGGER permit_no_delete BEFORE DELETE ON permit
BEGIN SELECT RAISE(ABORT, 'permit: append-only'); END;
