-- Nothing is overwritten: the database itself refuses, whatever program asks. SQLite only.

CREATE TRIGGER media_submission_no_update BEFORE UPDATE ON media_submission
BEGIN SELECT RAISE(ABORT, 'media_submission: append-only'); END;

CREATE TRIGGER media_submission_no_delete BEFORE DELETE ON media_submission
BEGIN SELECT RAISE(ABORT, 'media_submission: append-only'); END;

CREATE TRIGGER media_event_no_update BEFORE UPDATE ON media_event
BEGIN SELECT RAISE(ABORT, 'media_event: append-only'); END;

CREATE TRIGGER media_event_no_delete BEFORE DELETE ON media_event
BEGIN SELECT RAISE(ABORT, 'media_event: append-only'); END;

CREATE TRIGGER media_list_no_update BEFORE UPDATE ON media_list
BEGIN SELECT RAISE(ABORT, 'media_list: append-only'); END;

CREATE TRIGGER media_list_no_delete BEFORE DELETE ON media_list
BEGIN SELECT RAISE(ABORT, 'media_list: append-only'); END;
