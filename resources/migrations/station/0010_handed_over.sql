-- When the commission handed the protocol over: the 24 hours are counted to that, not to its approval.

ALTER TABLE versions ADD COLUMN handed_over TEXT;
