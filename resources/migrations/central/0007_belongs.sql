-- Which election the database belongs to: one centre's, and never another mode's. A file is in its centre's
-- folder, but an address on a server is easily mistaken for another.

CREATE TABLE belongs (
    number INTEGER PRIMARY KEY CHECK (number = 1),
    election TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('OSTRY', 'ZKOUSKA'))
);
