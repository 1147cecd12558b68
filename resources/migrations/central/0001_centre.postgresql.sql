-- Nothing is overwritten: the database itself refuses, whatever program asks. PostgreSQL only.

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END;
$$;

CREATE TRIGGER station_act_no_update BEFORE UPDATE ON station_act EXECUTE FUNCTION append_only();
CREATE TRIGGER station_act_no_delete BEFORE DELETE ON station_act EXECUTE FUNCTION append_only();
CREATE TRIGGER station_act_no_truncate BEFORE TRUNCATE ON station_act EXECUTE FUNCTION append_only();

CREATE TRIGGER batch_no_update BEFORE UPDATE ON batch EXECUTE FUNCTION append_only();
CREATE TRIGGER batch_no_delete BEFORE DELETE ON batch EXECUTE FUNCTION append_only();
CREATE TRIGGER batch_no_truncate BEFORE TRUNCATE ON batch EXECUTE FUNCTION append_only();

CREATE TRIGGER set_aside_no_update BEFORE UPDATE ON set_aside EXECUTE FUNCTION append_only();
CREATE TRIGGER set_aside_no_delete BEFORE DELETE ON set_aside EXECUTE FUNCTION append_only();
CREATE TRIGGER set_aside_no_truncate BEFORE TRUNCATE ON set_aside EXECUTE FUNCTION append_only();

CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision EXECUTE FUNCTION append_only();
CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision EXECUTE FUNCTION append_only();
CREATE TRIGGER revision_no_truncate BEFORE TRUNCATE ON revision EXECUTE FUNCTION append_only();

CREATE TRIGGER verdict_no_update BEFORE UPDATE ON verdict EXECUTE FUNCTION append_only();
CREATE TRIGGER verdict_no_delete BEFORE DELETE ON verdict EXECUTE FUNCTION append_only();
CREATE TRIGGER verdict_no_truncate BEFORE TRUNCATE ON verdict EXECUTE FUNCTION append_only();

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal EXECUTE FUNCTION append_only();
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal EXECUTE FUNCTION append_only();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal EXECUTE FUNCTION append_only();

CREATE TRIGGER publication_no_update BEFORE UPDATE ON publication EXECUTE FUNCTION append_only();
CREATE TRIGGER publication_no_delete BEFORE DELETE ON publication EXECUTE FUNCTION append_only();
CREATE TRIGGER publication_no_truncate BEFORE TRUNCATE ON publication EXECUTE FUNCTION append_only();

CREATE TRIGGER published_batch_no_update BEFORE UPDATE ON published_batch EXECUTE FUNCTION append_only();
CREATE TRIGGER published_batch_no_delete BEFORE DELETE ON published_batch EXECUTE FUNCTION append_only();
CREATE TRIGGER published_batch_no_truncate BEFORE TRUNCATE ON published_batch EXECUTE FUNCTION append_only();
