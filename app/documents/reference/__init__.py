"""The reference file: all that is known before the first vote, in one read-only SQLite file.

Every node carries the same file with a detached signature beside it and verifies that signature
before it opens the file. So the file is built to the same bytes from the same registers (by the
same version of SQLite): tables are filled in order, and nothing of the moment or the machine is in
it. It is opened immutable: no journal, no lock, and a station loads only its own transfer point.

Times are stored as ISO 8601 in UTC, fractions as "5/100", absent numbers as NULL.
"""

from app.documents.reference.build import build
from app.documents.reference.load import load, opened
from app.documents.reference.tables import FORMAT, ReferenceFileError

__all__ = ["FORMAT", "ReferenceFileError", "build", "load", "opened"]
