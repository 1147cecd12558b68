-- Nothing is overwritten: the database itself refuses, whatever program asks. SQLite only.

CREATE TRIGGER chain_act_no_update BEFORE UPDATE ON chain_act
BEGIN SELECT RAISE(ABORT, 'chain_act: append-only'); END;

CREATE TRIGGER chain_act_no_delete BEFORE DELETE ON chain_act
BEGIN SELECT RAISE(ABORT, 'chain_act: append-only'); END;

CREATE TRIGGER released_no_update BEFORE UPDATE ON released
BEGIN SELECT RAISE(ABORT, 'released: append-only'); END;

CREATE TRIGGER released_no_delete BEFORE DELETE ON released
BEGIN SELECT RAISE(ABORT, 'released: append-only'); END;
