"""Whether two names mean the same: of the signer and whom the application names, of two applicants.

A certificate says names as its authority writes them, an application as its author does: degrees, commas,
spaces and capital letters differ, the person or the organisation does not.
"""

from __future__ import annotations

import re
import unicodedata

from app.documents.media_application import Application
from app.trust.qualified import Signer

_WORD = re.compile(r"[^\W_]+")
#: Degrees that authorities write without a full stop.
_DEGREES = frozenset(
    {"bc", "mgr", "ing", "mudr", "judr", "phdr", "rndr", "doc", "prof", "phd", "csc", "mba", "dis", "et"}
)
_TITLE = re.compile(r"\b[^\W\d_]+(?:\.[^\W\d_]+)*\.(?:\s|,|$)")


def same_organisation(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether name and IČO (or nothing) of two mean one organisation: by the number where both say it."""
    if one[1] and other[1]:
        return one[1] == other[1]
    return bool(_letters(one[0])) and _letters(one[0]) == _letters(other[0])


def same_person(one: str, other: str) -> bool:
    """Whether two names are of one person, in either order, degrees aside."""
    return bool(_person(one)) and _person(one) == _person(other)


def is_named(application: Application, signer: Signer) -> bool:
    """Whether the signer is the person or the organisation that the application names."""
    organisation = application.organisation, application.number
    of_signer = signer.organisation, signer.number
    if signer.number and application.number and signer.number != application.number:
        return False  # somebody signs for another organisation than his certificate is for
    return same_organisation(organisation, of_signer) or same_person(application.person, signer.name)


def _letters(name: str) -> str:
    return "".join(_WORD.findall(unicodedata.normalize("NFKC", name).casefold()))


def _person(name: str) -> list[str]:
    name = unicodedata.normalize("NFKC", name)
    words = _WORD.findall(_TITLE.sub(" ", name).casefold())
    return sorted(word for word in words if word not in _DEGREES)
