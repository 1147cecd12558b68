"""Texts that people write and the store keeps: they have to fit into every document that carries them."""

from __future__ import annotations

from app.documents.document_errors import DocumentError
from app.documents.xml_text import SHORT_TEXT, free_text
from app.election.verdict import FieldRef
from app.station.errors import TextRefused
from app.station.states import User

#: Characters of one reason. Three of them (of a correction, a hold and an approval) fit into a batch.
LONGEST_REASON = 500


def check_texts(user: User, reason: str) -> None:
    """What is stored has to fit into a batch later, when nobody could mend it any more."""
    try:
        free_text(user.name, "PREVZAL", SHORT_TEXT)
        free_text(reason, "DUVOD", LONGEST_REASON, empty=True)
    except DocumentError as error:
        raise TextRefused(SHORT_TEXT if len(user.name) > SHORT_TEXT else LONGEST_REASON) from error


def named(field: FieldRef) -> str:
    """A field for the journal: column, list, candidate."""
    return " ".join(str(part) for part in field if part is not None)
