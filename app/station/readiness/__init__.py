"""Readiness: trying everything that the night will need, while there is still time to mend it."""
