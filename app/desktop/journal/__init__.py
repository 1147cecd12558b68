"""The place where the journal is read: who did what, when, on which protocol and why; and exported."""
