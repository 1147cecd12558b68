-- Nothing is overwritten: the database itself refuses, whatever program asks. PostgreSQL only.

CREATE TRIGGER setting_up_no_update BEFORE UPDATE ON setting_up EXECUTE FUNCTION append_only();
CREATE TRIGGER setting_up_no_delete BEFORE DELETE ON setting_up EXECUTE FUNCTION append_only();
CREATE TRIGGER setting_up_no_truncate BEFORE TRUNCATE ON setting_up EXECUTE FUNCTION append_only();
