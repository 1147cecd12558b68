-- The media register: everything that was received with its outcome, what officers decided, and each list
-- that was made of it. The journal tells of each row by its hash.

CREATE TABLE media_submission (
    id INTEGER PRIMARY KEY,             -- given by the writer, one more than the last
    way TEXT NOT NULL,                  -- pdf, smime or databox
    name TEXT NOT NULL,                 -- the file's name as it came
    received_at TEXT NOT NULL,          -- delivered to the office, by the post's or the data box's own record
    at TEXT NOT NULL,                   -- entered into the register
    officer TEXT NOT NULL,
    raw BLOB NOT NULL,                  -- the bytes as they came
    detached BLOB NOT NULL,             -- the signature beside them, empty without one
    outcome TEXT NOT NULL,              -- the code, MED-01 and on
    reasons TEXT NOT NULL,              -- every code that was found, the outcome first, divided by spaces
    detail TEXT NOT NULL,               -- for a technician
    signer TEXT NOT NULL,               -- who signed, JSON; empty while nobody is proved
    signed_at TEXT NOT NULL,            -- when, by the signer's own clock; empty if it says nothing
    application BLOB NOT NULL           -- the verified application, XML; empty without one
);

CREATE TABLE media_event (
    id INTEGER PRIMARY KEY,             -- given by the writer, one more than the last
    submission INTEGER REFERENCES media_submission (id), -- empty where it is about all of them
    act TEXT NOT NULL,
    officer TEXT NOT NULL,
    at TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL                -- JSON, by the act
);

CREATE TABLE media_list (
    serial INTEGER PRIMARY KEY,         -- given by the writer, one more than the last
    at TEXT NOT NULL,
    raw BLOB NOT NULL                   -- the signed file
);
