-- People who may sign in. Append-only: an account's present state is the last row of its changes, and
-- what a wrong password costs is counted from the rows of its attempts. A name and a login are nobody
-- else's for ever, because four eyes are counted by them.

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    login TEXT NOT NULL CHECK (login <> ''),
    login_identity TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (name <> ''),
    name_identity TEXT NOT NULL UNIQUE,
    made_by TEXT NOT NULL CHECK (made_by <> ''),
    made_at TEXT NOT NULL
) STRICT;

CREATE TABLE account_changes (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN
        ('made', 'role', 'deactivated', 'activated', 'new-password', 'own-password', 'delivered')),
    role TEXT NOT NULL CHECK (role IN ('clerk', 'supervisor', 'technician')),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    password TEXT NOT NULL CHECK (password LIKE '$argon2id$%'),
    temporary INTEGER NOT NULL CHECK (temporary IN (0, 1)),
    user TEXT NOT NULL CHECK (user <> ''),
    at TEXT NOT NULL
) STRICT;
CREATE INDEX account_changes_of_account ON account_changes (account_id);

CREATE VIEW account_stands AS
SELECT a.id, a.login, a.login_identity, a.name, a.name_identity, c.role, c.active, c.password, c.temporary
FROM accounts AS a JOIN account_changes AS c
    ON c.id = (SELECT max(id) FROM account_changes WHERE account_id = a.id);

-- `account_id` is null for a name that nobody has.
CREATE TABLE sign_ins (
    id INTEGER PRIMARY KEY,
    account_id INTEGER REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('success', 'failure', 'released')),
    user TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX sign_ins_of_account ON sign_ins (account_id, id);
CREATE INDEX sign_ins_failed ON sign_ins (at) WHERE kind = 'failure';

CREATE TABLE account_deliveries (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
    data BLOB NOT NULL,
    made_at TEXT NOT NULL,
    received_at TEXT NOT NULL
) STRICT;

CREATE TRIGGER accounts_keep BEFORE UPDATE ON accounts BEGIN SELECT RAISE(ABORT, 'accounts are append-only'); END;
CREATE TRIGGER accounts_stay BEFORE DELETE ON accounts BEGIN SELECT RAISE(ABORT, 'accounts are append-only'); END;
CREATE TRIGGER account_changes_keep BEFORE UPDATE ON account_changes BEGIN SELECT RAISE(ABORT, 'account_changes are append-only'); END;
CREATE TRIGGER account_changes_stay BEFORE DELETE ON account_changes BEGIN SELECT RAISE(ABORT, 'account_changes are append-only'); END;
CREATE TRIGGER sign_ins_keep BEFORE UPDATE ON sign_ins BEGIN SELECT RAISE(ABORT, 'sign_ins are append-only'); END;
CREATE TRIGGER sign_ins_stay BEFORE DELETE ON sign_ins BEGIN SELECT RAISE(ABORT, 'sign_ins are append-only'); END;
CREATE TRIGGER account_deliveries_keep BEFORE UPDATE ON account_deliveries BEGIN SELECT RAISE(ABORT, 'account_deliveries are append-only'); END;
CREATE TRIGGER account_deliveries_stay BEFORE DELETE ON account_deliveries BEGIN SELECT RAISE(ABORT, 'account_deliveries are append-only'); END;
