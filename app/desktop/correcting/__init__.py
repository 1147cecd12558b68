"""Correcting what was accepted: the ways to a new revision, and the revisions that there were."""
