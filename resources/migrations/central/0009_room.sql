-- The operations room: who may sign in there, what two people decide together, what is noted by hand. Each
-- row stands once more in the journal, whole (a password's hash by its own hash), so that the audit at each
-- start notices a changed one. Sessions are in the room's process alone: nobody finds one here.

-- Everything that happened to an operator's account; the last row of a login says what holds.
CREATE TABLE operator_act (
    id INTEGER PRIMARY KEY,             -- given by the writer, one more than the last
    login TEXT NOT NULL,
    act TEXT NOT NULL CHECK (act IN ('ADDED', 'PASSWORD', 'DISABLED', 'ENABLED', 'RELEASED', 'SIGNED_IN',
                                     'SIGNED_OUT', 'FAILED', 'STOLEN')),
    name TEXT NOT NULL,                 -- as it stands in acts
    role TEXT NOT NULL CHECK (role IN ('operator', 'media', 'administrator', 'observer')),
    active INTEGER NOT NULL,
    password TEXT NOT NULL,             -- Argon2id
    temporary INTEGER NOT NULL,         -- somebody else knows it: it is replaced at the first signing in
    failures INTEGER NOT NULL,          -- wrong passwords in a row
    done_by TEXT NOT NULL,              -- a login, or who ran the command
    at TEXT NOT NULL
);
CREATE INDEX operator_act_by_login ON operator_act (login, id);

-- What one operator proposes and another one approves: acts that touch results.
CREATE TABLE proposal (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,              -- JSON: everything that was shown, what is counted now included
    reason TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    at TEXT NOT NULL
);

CREATE TABLE proposal_act (
    proposal INTEGER PRIMARY KEY REFERENCES proposal (number), -- decided once
    decision TEXT NOT NULL CHECK (decision IN ('APPROVED', 'REFUSED', 'TAKEN_BACK')),
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    at TEXT NOT NULL
);

-- What happened on the night, in the operators' words.
CREATE TABLE incident (
    number INTEGER PRIMARY KEY,
    severity TEXT NOT NULL CHECK (severity IN ('note', 'warning', 'serious')),
    transfer_point INTEGER,             -- NULL: about no point alone
    words TEXT NOT NULL,
    noted_by TEXT NOT NULL,
    at TEXT NOT NULL
);
