"""`vysledky_okrsky` batches against the chain of changes: each change of a contest once, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.verify.changes import Change, Key
from app.verify.differences import Difference, other_value
from app.verify.expected import Standing, document
from app.verify.report import Report
from app.verify.sums import COUNTRY
from app.verify.tables import Batch
from app.verify.tree import Node, compare, node

_PRAGUE = ZoneInfo("Europe/Prague")


def local(instant: str) -> str:
    """An instant of the changes as documents have it: Prague time to the second."""
    moment = datetime.fromisoformat(instant).astimezone(UTC)
    return moment.astimezone(_PRAGUE).strftime("%Y-%m-%dT%H:%M:%S")


class Batches:
    """The batches of one contest, one after another from number 1."""

    def __init__(self, standing: Standing, contest: str, report: Report) -> None:
        self._contest = contest
        self._expected = standing.sums[contest][COUNTRY].expected
        self._waiting = iter([change for change in standing.changes if change.key[0] == contest])
        self._precincts = standing.zero.precincts
        self._report = report
        self._order = 0
        self._seen: set[Key] = set()
        self._in_force: set[Key] = set()
        self._number = 0
        self._made = ""
        self.checked: dict[int, Batch] = {}

    def check(self, file: str, said: Node, number: int) -> None:
        """Check the next batch; `number` is in its file's name. Raises Difference."""
        self._number += 1
        if number != self._number:
            raise other_value("VER-43", file, "", number, self._number)
        records = said.all("OKRSEK")
        self._check_times(file, said, records)
        changes = self._next(file, len(records))
        self.checked[number] = Batch(self._order + 1, changes)
        elements = list(self._elements(changes))
        head = node(
            "DAVKA",
            KOLO={"SE1": 1, "SE2": 2}.get(self._contest),
            PORADI_DAVKY=number,
            OKRSKY_DAVKA=len(records),
            OKRSKY_CELKEM=self._expected,
            OKRSKY_ZPRAC=len(self._in_force),
        )
        compare(file, said, document("VYSLEDKY_OKRSKY", said, head, *elements), self._report)
        self._report.count("batches")

    def _next(self, file: str, many: int) -> Sequence[Change]:
        found = [change for _, change in zip(range(many), self._waiting, strict=False)]
        if not many or len(found) < many:
            raise other_value("VER-43", file, "(OKRSEK)", many, len(found))
        return found

    def _elements(self, changes: Sequence[Change]) -> Iterator[Node]:
        for change in changes:
            self._order += 1
            again = change.key in self._seen
            self._seen.add(change.key)
            if change.result is None:
                self._in_force.discard(change.key)
            else:
                self._in_force.add(change.key)
            yield self._element(change, again)

    def _element(self, change: Change, again: bool) -> Node:
        result = change.result
        registered, issued, returned, valid = (0, 0, 0, 0) if result is None else result.counts
        turnout = node(
            "UCAST_OKRSEK",
            ZAPSANI_VOLICI=registered,
            VYDANE_OBALKY=issued,
            ODEVZDANE_OBALKY=returned,
            PLATNE_HLASY=valid,
        )
        number = "KSTRANA" if self._contest == "KZ" else "PORADOVE_CISLO"
        votes = [
            node("HLASY_OKRSEK", **{number: each, "HLASY": given})
            for each, given in sorted(({} if result is None else result.votes).items())
            if given
        ]
        return node(
            "OKRSEK",
            [turnout, *votes],
            CIS_OBEC=change.key[1],
            CIS_OKRSEK=change.key[2],
            CIS_OBVOD=None if self._contest == "KZ" else self._precincts[change.key[1:]].senate_district,
            PORADI_ZPRAC=self._order,
            DATUM_CAS_ZPRAC=local(change.taken_at),
            OPAKOVANE=int(again),
        )

    def _check_times(self, file: str, said: Node, records: Sequence[Node]) -> None:
        """Every precinct was processed after the batch before was made and not after this one was."""
        made = said.attributes["DATUM_CAS_GENEROVANI"]
        for record in records:
            at = record.attributes["DATUM_CAS_ZPRAC"]
            if not self._made <= at <= made:
                raise Difference(
                    "VER-43", file, f"{at} neleží mezi {self._made or '—'} a {made}.",
                    f"{at} is not between {self._made or '—'} and {made}.",
                    place=f"/VYSLEDKY_OKRSKY/OKRSEK[@PORADI_ZPRAC='{record.attributes['PORADI_ZPRAC']}']",
                )  # fmt: skip
        self._made = made
