-- Nothing is overwritten: the database itself refuses, whatever program asks. PostgreSQL only.

CREATE TRIGGER operator_act_no_update BEFORE UPDATE ON operator_act EXECUTE FUNCTION append_only();
CREATE TRIGGER operator_act_no_delete BEFORE DELETE ON operator_act EXECUTE FUNCTION append_only();
CREATE TRIGGER operator_act_no_truncate BEFORE TRUNCATE ON operator_act EXECUTE FUNCTION append_only();

CREATE TRIGGER proposal_no_update BEFORE UPDATE ON proposal EXECUTE FUNCTION append_only();
CREATE TRIGGER proposal_no_delete BEFORE DELETE ON proposal EXECUTE FUNCTION append_only();
CREATE TRIGGER proposal_no_truncate BEFORE TRUNCATE ON proposal EXECUTE FUNCTION append_only();

CREATE TRIGGER proposal_act_no_update BEFORE UPDATE ON proposal_act EXECUTE FUNCTION append_only();
CREATE TRIGGER proposal_act_no_delete BEFORE DELETE ON proposal_act EXECUTE FUNCTION append_only();
CREATE TRIGGER proposal_act_no_truncate BEFORE TRUNCATE ON proposal_act EXECUTE FUNCTION append_only();

CREATE TRIGGER incident_no_update BEFORE UPDATE ON incident EXECUTE FUNCTION append_only();
CREATE TRIGGER incident_no_delete BEFORE DELETE ON incident EXECUTE FUNCTION append_only();
CREATE TRIGGER incident_no_truncate BEFORE TRUNCATE ON incident EXECUTE FUNCTION append_only();
