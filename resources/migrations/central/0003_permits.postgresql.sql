-- Nothing is overwritten: the database itself refuses, whatever program asks. PostgreSQL only.

CREATE TRIGGER permit_no_update BEFORE UPDATE ON permit EXECUTE FUNCTION append_only();
CREATE TRIGGER permit_no_delete BEFORE DELETE ON permit EXECUTE FUNCTION append_only();
CREATE TRIGGER permit_no_truncate BEFORE TRUNCATE ON permit EXECUTE FUNCTION append_only();
