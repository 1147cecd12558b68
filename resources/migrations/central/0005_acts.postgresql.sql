-- Nothing is overwritten: the database itself refuses, whatever program asks. PostgreSQL only.

CREATE TRIGGER act_no_update BEFORE UPDATE ON act EXECUTE FUNCTION append_only();
CREATE TRIGGER act_no_delete BEFORE DELETE ON act EXECUTE FUNCTION append_only();
CREATE TRIGGER act_no_truncate BEFORE TRUNCATE ON act EXECUTE FUNCTION append_only();
