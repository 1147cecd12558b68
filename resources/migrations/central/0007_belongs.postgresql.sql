-- Nothing is overwritten: the database itself refuses, whatever program asks. PostgreSQL only.

CREATE TRIGGER belongs_no_update BEFORE UPDATE ON belongs EXECUTE FUNCTION append_only();
CREATE TRIGGER belongs_no_delete BEFORE DELETE ON belongs EXECUTE FUNCTION append_only();
CREATE TRIGGER belongs_no_truncate BEFORE TRUNCATE ON belongs EXECUTE FUNCTION append_only();
