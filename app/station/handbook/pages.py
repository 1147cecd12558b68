"""What a page of the handbook is, and a hit of a search."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a page is about; the value is the first part of its id and the scheme of links to it."""

    TOPIC = "topic"
    RULE = "rule"
    FIELD = "field"
    CODE = "code"  # a family of error codes, such as DOC


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `body` is Markdown (headings from level 2, lists, tables, links) without the title."""

    id: str  # kind, colon, name: rule:LG-02, field:VOL_SEZNAM, topic:prukazy, code:DOC
    title: str
    body: str

    @property
    def kind(self) -> Kind:
        return Kind(self.id.partition(":")[0])

    @property
    def name(self) -> str:
        """The id without its kind."""
        return self.id.partition(":")[2]

    @property
    def markdown(self) -> str:
        """The whole page, title first."""
        return f"# {self.title}\n\n{self.body}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that a search found; `excerpt` is the plain line in which its first word stands."""

    page: Page
    excerpt: str
