"""The place where the point is closed and cared for: checklist, unconfirmed protocols, backups."""
