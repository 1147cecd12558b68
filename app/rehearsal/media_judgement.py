"""What is right and wrong about a night of the media's line, by the readers' own log alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.documents.media_list import Organisation
from app.rehearsal.media_readers import Asked, Listened

NOT_REGISTERED, TEST_IS_OVER = "MED-40", "MED-41"
_ANSWERED = (200, 304)
#: An open stream of a test address ends within this after the live moment.
_CUT_WITHIN = timedelta(seconds=1)
#: Deviations that are told one by one.
_TOLD = 50


@dataclass(frozen=True, slots=True)
class Heard:
    """The readers' side. `rehearsal` is the version of the rehearsal's feed."""

    organisations: tuple[Organisation, ...]
    log: Sequence[Asked]
    streams: Sequence[Listened]
    live_from: datetime
    rehearsal: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """`deviations` is empty when everything was as it has to be; `figures` by what they are."""

    figures: Mapping[str, int | float]
    deviations: tuple[str, ...]


def judged(heard: Heard, counted: Mapping[str, Any]) -> Verdict:
    """The verdict by the readers' log and what the server counted."""
    kinds = {address: "night" for one in heard.organisations for address in one.night}
    kinds |= {address: "test" for one in heard.organisations for address in one.test}
    wrong = [
        *(said for each in heard.log for said in _wrong_answer(each, kinds.get(each.address, ""), heard)),
        *(said for each in heard.streams for said in _wrong_stream(each, kinds[each.address], heard)),
        *_wrong_counts(heard, counted),
        *_too_little(heard, kinds),
    ]
    return Verdict(_figures(heard, kinds), tuple(wrong[:_TOLD]))


def _wrong_answer(asked: Asked, kind: str, heard: Heard) -> Iterator[str]:
    """An answer between whose asking and hearing the line went live may be of either phase."""
    may = set()
    if asked.sent < heard.live_from:
        may.add(_told_before(kind))
    if asked.heard >= heard.live_from:
        may.add(_told_after(kind))
    told = "" if asked.status in _ANSWERED else asked.code or str(asked.status)
    if told not in may:
        yield f"{asked.address} {asked.sent:%H:%M:%S.%f} {asked.path}: {told or asked.status}, not {may}"
    elif asked.version:
        yield from _wrong_feed(asked, heard)


def _wrong_feed(asked: Asked, heard: Heard) -> Iterator[str]:
    of_rehearsal = asked.version == heard.rehearsal
    if of_rehearsal and asked.sent >= heard.live_from:
        yield f"{asked.address} {asked.sent:%H:%M:%S.%f}: the rehearsal's version in live operation"
    if not of_rehearsal and asked.heard < heard.live_from:
        yield f"{asked.address} {asked.sent:%H:%M:%S.%f}: the live version {asked.version} in the test phase"


def _told_before(kind: str) -> str:
    return "" if kind else NOT_REGISTERED


def _told_after(kind: str) -> str:
    return {"night": "", "test": TEST_IS_OVER}.get(kind, NOT_REGISTERED)


def _wrong_stream(stream: Listened, kind: str, heard: Heard) -> Iterator[str]:
    if stream.began < heard.live_from and stream.ended > heard.live_from + _CUT_WITHIN:
        yield f"{stream.address}: a stream of the test phase went on until {stream.ended:%H:%M:%S.%f}"
    if kind == "test" and stream.began >= heard.live_from:
        yield f"{stream.address}: a test address began a stream in live operation"
    if stream.by_server and stream.ended < heard.live_from:
        yield f"{stream.address}: a stream was cut in the test phase"


def _too_little(heard: Heard, kinds: Mapping[str, str]) -> Iterator[str]:
    """A night in which nobody asked would be right too."""
    before = {each.address for each in heard.log if each.heard < heard.live_from}
    after = {each.address for each in heard.log if each.sent >= heard.live_from}
    for address in kinds:
        if address not in before or address not in after:
            yield f"{address} did not ask on both sides of the live moment"
    if not any(each.version > heard.rehearsal for each in heard.log if each.sent >= heard.live_from):
        yield "nothing of the live feed was read"
    cut = [each for each in heard.streams if kinds[each.address] == "test" and each.by_server]
    if len(cut) != len(heard.organisations):
        yield f"{len(cut)} streams of test addresses were cut, not {len(heard.organisations)}"


def _wrong_counts(heard: Heard, counted: Mapping[str, Any]) -> Iterator[str]:
    """The server's counts against the log: by address, by organisation, and of strangers."""
    own = {address: one.id for one in heard.organisations for address in one.night + one.test}
    by_address: dict[str, Counter[str]] = {}
    for name, counts in _logged(heard):
        by_address.setdefault(name, Counter()).update(counts)
    by_organisation: dict[str, Counter[str]] = {one.id: Counter() for one in heard.organisations}
    strangers: Counter[str] = Counter()
    for address, counts in by_address.items():
        (by_organisation[own[address]] if address in own else strangers).update(counts)
        where = counted["addresses"] if address in own else counted["stranger_addresses"]
        yield from _difference(address, counts, where.get(address))
    for name, counts in by_organisation.items():
        yield from _difference(name, counts, counted["organisations"].get(name))
    yield from _difference("strangers", strangers, counted["strangers"])


def _logged(heard: Heard) -> Iterator[tuple[str, Counter[str]]]:
    for each in heard.log:
        if each.status in _ANSWERED:
            kind = "unchanged" if each.status == 304 else "answered"
            yield each.address, Counter({"requests": 1, kind: 1, "bytes": each.size})
        else:
            yield each.address, Counter({"requests": 1, each.code: 1})
    for stream in heard.streams:
        yield stream.address, Counter(requests=1, answered=1, bytes=stream.size)


def _difference(name: str, logged: Counter[str], counted: Mapping[str, Any] | None) -> Iterator[str]:
    if counted is None:
        yield f"{name}: not counted at all"
        return
    told = Counter({kind: counted[kind] for kind in ("requests", "answered", "unchanged", "bytes")})
    told.update(counted["refused"])
    if +told != +logged:
        yield f"{name}: counted {dict(+told)}, logged {dict(+logged)}"


def _figures(heard: Heard, kinds: Mapping[str, str]) -> dict[str, int | float]:
    log, live = heard.log, heard.live_from
    asked = [each for each in log if kinds.get(each.address)]
    waits = sorted((each.heard - each.sent).total_seconds() for each in log)
    cut = [each.ended for each in heard.streams if kinds[each.address] == "test" and each.by_server]
    return {
        "organisations": len(heard.organisations),
        "addresses": len(kinds),
        "requests": len(log) + len(heard.streams),
        "requests a second": round(len(log) / max(_span(log), 0.001)),
        "answered in the test phase": _count(asked, lambda e: e.status in _ANSWERED and e.heard < live),
        "answered live": _count(asked, lambda e: e.status in _ANSWERED and e.sent >= live),
        "not modified": _count(asked, lambda e: e.status == 304),
        "night addresses refused": _count(asked, lambda e: bool(e.code) and kinds[e.address] == "night"),
        "test addresses refused live": _count(asked, lambda e: e.code == TEST_IS_OVER),
        "test addresses answered live": _count(
            asked, lambda e: kinds[e.address] == "test" and e.sent >= live and e.status in _ANSWERED
        ),
        "strangers refused": _count(log, lambda e: e.code == NOT_REGISTERED),
        "streams": len(heard.streams),
        "last test stream cut after, ms": max((_ms(each - live) for each in cut), default=0),
        "answer p50, ms": round(waits[len(waits) // 2] * 1000, 1) if waits else 0,
        "answer p99, ms": round(waits[len(waits) * 99 // 100] * 1000, 1) if waits else 0,
    }


def _count(log: Iterable[Asked], wanted: Any) -> int:
    return sum(1 for each in log if wanted(each))


def _ms(span: timedelta) -> int:
    return round(span.total_seconds() * 1000)


def _span(log: Sequence[Asked]) -> float:
    times = [each.sent for each in log]
    return (max(times) - min(times)).total_seconds() if times else 0.0
