"""One published version as the pages see it: documents are read when a page first needs them.

A view never changes once it is made. What has the same bytes as in the version before is not read again, so
that a new version costs only what changed in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from app.central.pages.history import History
from app.documents import act
from app.documents.act import Act
from app.documents.feed.index import Head, State, read_head
from app.documents.published import regional, senate, territory
from app.documents.published.regional import DistrictResult, Preferred, Results
from app.documents.published.senate import SenateMunicipalities, SenateResults
from app.documents.published.territory import Territory
from app.election.model import Contest, Mode

_T = TypeVar("_T")


@dataclass
class _Read:
    """A document's bytes with what was read from them."""

    data: bytes
    content: object


@dataclass(frozen=True)
class View:
    """`files` are the version's documents by path, without a leading slash."""

    files: Mapping[str, bytes] = field(repr=False)
    history: History = field(repr=False)
    head: Head
    territory: Territory = field(repr=False)
    acts: tuple[Act, ...]
    contests: tuple[Contest, ...]
    regional: str  # folder of the regional documents, with a slash at its end
    senate: str  # folder of the Senate's documents, or empty
    token: object = field(default_factory=object, repr=False)  # of this version alone
    _known: dict[str, _Read] = field(default_factory=dict, repr=False)

    @property
    def election(self) -> str:
        """Its code, such as kz2024."""
        return self.head.issue.election

    @property
    def is_open(self) -> bool:
        """Whether voting has ended, so that results may be shown."""
        return self.head.state is not State.BEFORE_THE_END

    @property
    def is_complete(self) -> bool:
        return self.head.state is State.COMPLETE

    @property
    def is_rehearsal(self) -> bool:
        return self.head.issue.mode is Mode.REHEARSAL

    def results(self) -> Results | None:
        """`vysledky` of the regional councils; None where they are not elected."""
        return self._read(self.results_path, regional.read_results)

    def preferred(self) -> dict[int, Preferred]:
        """Preferential votes of all candidates by region."""
        return self._read(self.preferred_path, regional.read_preferred) or {}

    def district(self, nuts: str) -> DistrictResult | None:
        """`vysledky_okres`; None where the district elects no regional council."""
        return self._read(self.district_path(nuts), regional.read_district)

    def senate_results(self) -> SenateResults | None:
        """`vysledky` of the Senate; None where it is not elected."""
        return self._read(f"{self.senate}vysledky.xml", senate.read_senate) if self.senate else None

    def senate_municipalities(self, number: int) -> SenateMunicipalities | None:
        """`vysledky_obce_obvod` of a Senate district."""
        return self._read(self.senate_path(number), senate.read_municipalities) if self.senate else None

    @property
    def results_path(self) -> str:
        return f"{self.regional}vysledky.xml"

    @property
    def preferred_path(self) -> str:
        return f"{self.regional}vysledky_kandid.xml"

    def district_path(self, nuts: str) -> str:
        return f"{self.regional}okresy/vysledky_okres_{nuts}.xml"

    def senate_path(self, number: int) -> str:
        return f"{self.senate}obvody/vysledky_obce_obvod_{number}.xml"

    def _read(self, path: str, reader: Callable[[bytes], _T]) -> _T | None:
        data = self.files.get(path)
        if data is None:
            return None
        known = self._known.get(path)
        if known is None or known.data is not data:
            known = self._known[path] = _Read(data, reader(data))
        return cast(_T, known.content)


class Reader:
    """Makes views of one published folder, version after version. For one thread at a time."""

    def __init__(self) -> None:
        self._known: dict[str, _Read] = {}

    def view(self, files: Mapping[str, bytes], history: History) -> View:
        """The view of a version. Raises `DocumentError` for a document that is not in order, KeyError for
        one that is not there."""
        folder = next(path for path in files if path.startswith("feed/") and path.endswith("/index.xml"))
        folder = folder.removesuffix("index.xml")
        now = self._read(files, f"{folder}index.xml", read_head)
        zero = self._read(files, f"{folder}zero.xml", territory.read_zero)
        acts = self._read(files, f"{folder}acts.xml", act.read_published)
        regional_folder = f"appdata/{now.issue.election}/odata/"
        senate_folder = next((path for path in files if path.startswith("appdata/senat/")), "")
        senate_folder = "/".join([*senate_folder.split("/")[:4], ""]) if senate_folder else ""
        view = View(
            files, history, now, zero, acts, (), regional_folder, senate_folder, _known=dict(self._known)
        )
        self._known = view._known
        object.__setattr__(view, "contests", _contests(view))
        return view

    def _read(self, files: Mapping[str, bytes], path: str, reader: Callable[[bytes], _T]) -> _T:
        data = files[path]
        known = self._known.get(path)
        if known is None or known.data is not data:
            known = self._known[path] = _Read(data, reader(data))
        return cast(_T, known.content)


def _contests(view: View) -> tuple[Contest, ...]:
    """What is elected here; the Senate's round is the last of which its documents speak."""
    found = [Contest.REGIONAL] if view.territory.regions else []
    senate_results = view.senate_results()
    if senate_results is not None and view.territory.senate_districts:
        found.append(Contest.senate(max(senate_results.turnout, default=1)))
    return tuple(found)
