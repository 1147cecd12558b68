-- Nothing is overwritten: the database itself refuses, whatever program asks. PostgreSQL only.

CREATE TRIGGER media_submission_no_update BEFORE UPDATE ON media_submission EXECUTE FUNCTION append_only();
CREATE TRIGGER media_submission_no_delete BEFORE DELETE ON media_submission EXECUTE FUNCTION append_only();
CREATE TRIGGER media_submission_no_truncate BEFORE TRUNCATE ON media_submission EXECUTE FUNCTION append_only();

CREATE TRIGGER media_event_no_update BEFORE UPDATE ON media_event EXECUTE FUNCTION append_only();
CREATE TRIGGER media_event_no_delete BEFORE DELETE ON media_event EXECUTE FUNCTION append_only();
CREATE TRIGGER media_event_no_truncate BEFORE TRUNCATE ON media_event EXECUTE FUNCTION append_only();

CREATE TRIGGER media_list_no_update BEFORE UPDATE ON media_list EXECUTE FUNCTION append_only();
CREATE TRIGGER media_list_no_delete BEFORE DELETE ON media_list EXECUTE FUNCTION append_only();
CREATE TRIGGER media_list_no_truncate BEFORE TRUNCATE ON media_list EXECUTE FUNCTION append_only();
