"""The clerk's handbook: a page for every rule, every field, every topic and every family of codes, offline.

Rules and codes come from the catalogues that judge, so that help and program cannot disagree; what only
people know (how to say it to a commission) stands in `resources/handbook`, one folder a language. Pages are
Markdown with links such as `[text](rule:LG-02)`. Dates and thresholds are the election's own.
"""

from app.station.handbook.export import export
from app.station.handbook.handbook import HOME, Handbook
from app.station.handbook.pages import Hit, Kind, Page
from app.station.handbook.words import LANGUAGES

__all__ = ["HOME", "LANGUAGES", "Handbook", "Hit", "Kind", "Page", "export"]
