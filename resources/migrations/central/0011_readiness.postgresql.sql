-- Nothing is overwritten: the database itself refuses, whatever program asks. PostgreSQL only.

CREATE TRIGGER readiness_no_update BEFORE UPDATE ON readiness EXECUTE FUNCTION append_only();
CREATE TRIGGER readiness_no_delete BEFORE DELETE ON readiness EXECUTE FUNCTION append_only();
CREATE TRIGGER readiness_no_truncate BEFORE TRUNCATE ON readiness EXECUTE FUNCTION append_only();
