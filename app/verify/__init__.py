"""The small separate reader of what was published: it believes nothing that it can work out itself.

It takes a published folder or address and goes from the signatures over the files, the chain of changes
and its Merkle root to every sum, percentage and seat, each recomputed from the precincts' protocols by code
that the centre does not use. Of the house it knows only the rules (`election`), the hardened parser
(`documents.xml`) and signatures (`trust`); nothing of the centre, the stations or the rehearsal.
"""

from app.verify.differences import Difference, Unreadable
from app.verify.report import Report
from app.verify.source import Folder, Source
from app.verify.verification import Wanted, verify
from app.verify.web import Web

__all__ = ["Difference", "Folder", "Report", "Source", "Unreadable", "Wanted", "Web", "verify"]
