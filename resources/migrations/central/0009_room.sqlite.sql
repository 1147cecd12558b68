-- Nothing is overwritten: the database itself refuses, whatever program asks. SQLite only.

CREATE TRIGGER operator_act_no_update BEFORE UPDATE ON operator_act
BEGIN SELECT RAISE(ABORT, 'operator_act: append-only'); END;

CREATE TRIGGER operator_act_no_delete BEFORE DELETE ON operator_act
BEGIN SELECT RAISE(ABORT, 'operator_act: append-only'); END;

CREATE TRIGGER proposal_no_update BEFORE UPDATE ON proposal
BEGIN SELECT RAISE(ABORT, 'proposal: append-only'); END;

CREATE TRIGGER proposal_no_delete BEFORE DELETE ON proposal
BEGIN SELECT RAISE(ABORT, 'proposal: append-only'); END;

CREATE TRIGGER proposal_act_no_update BEFORE UPDATE ON proposal_act
BEGIN SELECT RAISE(ABORT, 'proposal_act: append-only'); END;

CREATE TRIGGER proposal_act_no_delete BEFORE DELETE ON proposal_act
BEGIN SELECT RAISE(ABORT, 'proposal_act: append-only'); END;

CREATE TRIGGER incident_no_update BEFORE UPDATE ON incident
BEGIN SELECT RAISE(ABORT, 'incident: append-only'); END;

CREATE TRIGGER incident_no_delete BEFORE DELETE ON incident
BEGIN SELECT RAISE(ABORT, 'incident: append-only'); END;
