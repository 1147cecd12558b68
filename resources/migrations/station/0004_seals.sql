-- What each transaction left behind: one row a transaction with the key and the SHA-256 of every row that it
-- wrote, and the head of the journal, chained to the row before. The journal tells what people did; this
-- tells what the tables have to hold, so that a change past the program shows the row in which it was made.

CREATE TABLE seals (
    seq INTEGER PRIMARY KEY CHECK (seq >= 1),
    entries TEXT NOT NULL,
    journal_seq INTEGER NOT NULL,
    journal_hash TEXT NOT NULL CHECK (length(journal_hash) = 64),
    previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
    hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

CREATE TRIGGER seals_keep BEFORE UPDATE ON seals BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
CREATE TRIGGER seals_stay BEFORE DELETE ON seals BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
