-- Nothing is overwritten: the database itself refuses, whatever program asks. SQLite only.

CREATE TRIGGER setting_up_no_update BEFORE UPDATE ON setting_up
BEGIN SELECT RAISE(ABORT, 'setting_up: append-only'); END;

CREATE TRIGGER setting_up_no_delete BEFORE DELETE ON setting_up
BEGIN SELECT RAISE(ABORT, 'setting_up: append-only'); END;
