-- The outbox of a transfer point has a few hundred rows: reading them all costs less than the page that
-- each index adds to the commit of every acceptance.

DROP INDEX outbox_waiting;
DROP INDEX outbox_of_batch;
