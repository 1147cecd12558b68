-- Nothing is overwritten: the database itself refuses, whatever program asks. PostgreSQL only.

CREATE TRIGGER chain_act_no_update BEFORE UPDATE ON chain_act EXECUTE FUNCTION append_only();
CREATE TRIGGER chain_act_no_delete BEFORE DELETE ON chain_act EXECUTE FUNCTION append_only();
CREATE TRIGGER chain_act_no_truncate BEFORE TRUNCATE ON chain_act EXECUTE FUNCTION append_only();

CREATE TRIGGER released_no_update BEFORE UPDATE ON released EXECUTE FUNCTION append_only();
CREATE TRIGGER released_no_delete BEFORE DELETE ON released EXECUTE FUNCTION append_only();
CREATE TRIGGER released_no_truncate BEFORE TRUNCATE ON released EXECUTE FUNCTION append_only();
