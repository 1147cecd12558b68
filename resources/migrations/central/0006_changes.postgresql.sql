-- Nothing is overwritten: the database itself refuses, whatever program asks. PostgreSQL only.

CREATE TRIGGER change_no_update BEFORE UPDATE ON change EXECUTE FUNCTION append_only();
CREATE TRIGGER change_no_delete BEFORE DELETE ON change EXECUTE FUNCTION append_only();
CREATE TRIGGER change_no_truncate BEFORE TRUNCATE ON change EXECUTE FUNCTION append_only();
