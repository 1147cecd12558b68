"""The tables of the manual's page about the line between stations and centre, made from the program.

What the code knows (codes, states, schemas, limits) is never typed into the page: it stands there between
markers, and `python -m app.commands.line_protocol` puts it there anew. A test compares.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from textwrap import dedent
from types import MappingProxyType
from typing import Final

from app import resources

PAGE: Final = "line-protocol.md"
_PLACE = re.compile(r"(<!-- table: ([a-z-]+) -->\n).*?(<!-- end of table -->\n)", re.DOTALL)
_DOCUMENTED = re.compile(r"^    ([A-Z]+(?:, [A-Z]+)*) {2,}(.+)$")


def page() -> Path:
    """Where the page lies."""
    return resources.path("manual", PAGE)


def filled(text: str) -> str:
    """The page with every table as the program has it now. Raises KeyError for a table nobody makes."""
    return _PLACE.sub(lambda place: f"{place[1]}\n{TABLES[place[2]]()}\n{place[3]}", text)


def _refusals() -> str:
    from app.central.refusals import REFUSALS

    rows = [
        (f"`{one.code}`", str(one.http_status), one.en, "yes" if one.alarm else "")
        for one in sorted(REFUSALS.values(), key=lambda one: one.code)
    ]
    return _table(("code", "HTTP status", "meaning", "alarm at the centre"), rows)


def _signatures() -> str:
    from app.trust.refusals import RefusalReason

    return _table(("code", "meaning"), [(f"`{reason.code}`", reason.en) for reason in RefusalReason])


def _troubles() -> str:
    from app.documents.document_errors import DOC_CODES

    return _table(("code", "meaning"), [(f"`{one.code}`", one.title_en) for one in DOC_CODES.values()])


def _batch_states() -> str:
    from app.station.outbox import BatchState

    return _table(
        ("state", "meaning"), _documented(BatchState.__doc__ or "", {state.name for state in BatchState})
    )


def _standings() -> str:
    from app.trust.chain import Standing

    return _table(
        ("standing", "meaning"), _documented(Standing.__doc__ or "", {one.name for one in Standing})
    )


def _states() -> str:
    from app.station.states import State

    rows = [
        (
            f"`{state.value}`",
            state.en,
            "a row of the store" if state.is_stored else "in memory, on the screen",
        )
        for state in State
    ]
    return _table(("state", "in words", "kept as"), rows)


def _steps() -> str:
    from app.station.states import STEPS

    rows = [
        (
            f"`{state.value}`", f"`{step.value}`", f"`{move.to.value}`",
            ", ".join(sorted(role.value for role in move.roles)), "yes" if move.needs_reason else "",
        )
        for (state, step), move in STEPS.items()
    ]  # fmt: skip
    return _table(("from", "step", "to", "by whom", "needs a reason"), rows)


def _receipt_words() -> str:
    from app.documents.receipt import Outcome, Status

    rows = [("batch (`STAV`)", f"`{status.value}`", status.name.lower()) for status in Status]
    rows += [("protocol (`VYSLEDEK`)", f"`{outcome.value}`", outcome.name.lower()) for outcome in Outcome]
    return _table(("of what", "value", "in the code"), rows)


def _drawing(module: str) -> Callable[[], str]:
    def made() -> str:
        from importlib import import_module

        lines = (import_module(module).__doc__ or "").splitlines()
        drawn = [line for line in lines if line.startswith("    ") or not line]
        return "```\n" + dedent("\n".join(drawn)).strip("\n") + "\n```\n"

    return made


def _schema(name: str) -> Callable[[], str]:
    def made() -> str:
        from app.documents import schema_parts

        parts = []
        for element in schema_parts.elements(f"{name}.xsd"):
            head = f"**`{element.path}`** ({element.times})" + (
                f", text `{element.text}`" if element.text else ""
            )
            parts.append(f"{head}: {element.says}" if element.says else head)
            if element.attributes:
                rows = [
                    (f"`{one.name}`", _type(one.type_), "yes" if one.required else "")
                    for one in element.attributes
                ]
                parts.append(_table(("attribute", "value", "required"), rows).rstrip("\n"))
        return "\n\n".join(parts) + "\n"

    return made


def _types() -> str:
    from app.documents import schema_parts

    found = {one.name: one for name in DOCUMENTS for one in schema_parts.types(f"{name}.xsd")}
    rows = [
        (f"`{one.name}`", f"`{one.pattern}`".replace("|", "\\|") if one.pattern else "Base64", one.says)
        for _, one in sorted(found.items())
    ]
    return _table(("type", "pattern", "meaning"), rows)


def _limits() -> str:
    from app.central import inquiries
    from app.central.settings import CentreSettings
    from app.documents import batch, inquiry, own_batches, point_state, receipt
    from app.election.model import Mode
    from app.station import outbox, sending, transport
    from app.station.backoff import Backoff
    from app.station.point import delivering, pulling
    from app.trust import cms

    centre, retries = CentreSettings("kz2024", Mode.LIVE), Backoff(Random())  # noqa: S311
    rows: list[tuple[str, str, str]] = [
        ("protocols that a station puts into a batch, at most", _number(outbox.MOST_PROTOCOLS), "station"),
        ("a batch grows no further above", _bytes(outbox.MOST_BYTES), "station"),
        ("XML of a batch, at most", _bytes(batch.MAX_BYTES), "both"),
        ("XML of a receipt, at most", _bytes(receipt.MAX_BYTES), "both"),
        ("XML of an inquiry, at most", _bytes(inquiry.MAX_BYTES), "both"),
        ("XML of a point's state, at most", _bytes(point_state.MAX_BYTES), "both"),
        ("XML of own batches, at most", _bytes(own_batches.MAX_BYTES), "both"),
        ("decisions in a point's state, at most", _number(point_state.MOST_DECISIONS), "centre"),
        ("batches in an answer about batches, at most", _number(own_batches.MOST_BATCHES), "centre"),
        ("any signed file, unless a smaller limit is named", _bytes(cms.SIZE_LIMIT), "both"),
        ("body of `POST /v1/batches`, at most", _bytes(centre.max_batch_bytes), "centre (setting)"),
        ("body of `POST /v1/inquiries`, at most", _bytes(inquiries.MAX_BYTES), "centre"),
        ("a body has to arrive within", _seconds(centre.receive_seconds), "centre (setting)"),
        ("and no pause in it may be longer than", _seconds(centre.pause_seconds), "centre (setting)"),
        ("the head of a request has to arrive within", _seconds(centre.head_seconds), "centre (setting)"),
        ("bodies in memory, all together, at most", _bytes(centre.max_received_bytes), "centre (setting)"),
        ("connections at once, at most", _number(centre.max_connections), "centre (setting)"),
        ("requests of one address", _rate(centre.address_rate, centre.address_burst), "centre (setting)"),
        ("requests of one station", _rate(centre.station_rate, centre.station_burst), "centre (setting)"),
        ("batches that may wait for a thread", _number(centre.max_waiting_batches), "centre (setting)"),
        ("inquiries that may wait beside them", _number(centre.max_waiting_inquiries), "centre (setting)"),
        ("an inquiry's time may differ from the centre's by", _seconds(inquiries.FRESH), "centre"),
        ("a connection has to be made within", _seconds(transport.CONNECT_SECONDS), "station"),
        ("an answer has to come within", _seconds(transport.ANSWER_SECONDS), "station"),
        ("and longer by a second for each so much of the batch", _bytes(transport.SLOWEST_LINE), "station"),
        ("the first wait after a failure, at most", _seconds(retries.first), "station"),
        ("any wait after a failure, at most", _seconds(retries.most), "station"),
        ("a batch that is kept or refused is offered again after", _seconds(sending.ASK_AGAIN), "station"),
        ("another's batch without an answer is offered again after", _seconds(delivering.AGAIN), "station"),
        ("the line is tried, with nothing to send, every", _seconds(sending.HEARTBEAT), "station"),
        ("the point's state is asked for, with others at work, every", _seconds(pulling.BUSY), "station"),
        ("the same, with others registered but silent, every", _seconds(pulling.CALM), "station"),
        ("the same, with no other workstation, every", _seconds(pulling.ALONE), "station"),
    ]  # fmt: skip
    return _table(("what", "how much", "whose"), rows)


#: Documents of the line, in the order of the page: names of their schemas.
DOCUMENTS: Final = ("davka", "potvrzeni", "dotaz", "stav", "davky", "povoleni", "ucty", "vybaveni")

TABLES: Final[Mapping[str, Callable[[], str]]] = MappingProxyType(
    {
        "refusals": _refusals,
        "signature-refusals": _signatures,
        "document-refusals": _troubles,
        "batch-states": _batch_states,
        "chain-standings": _standings,
        "protocol-states": _states,
        "protocol-steps": _steps,
        "protocol-drawing": _drawing("app.station.states"),
        "settling": _drawing("app.central.examine"),
        "receipt-words": _receipt_words,
        "types": _types,
        "limits": _limits,
        **{f"elements-{name}": _schema(name) for name in DOCUMENTS},
    }
)


def _documented(text: str, names: Iterable[str]) -> list[tuple[str, str]]:
    """Names with what a docstring says of them, in its order. Raises ValueError when one is not there."""
    rows: list[list[str]] = []
    for line in text.splitlines():
        begun = _DOCUMENTED.match(line)
        if begun:
            rows.append([begun[1], begun[2]])
        elif rows and line.startswith(" " * 8) and line.strip():
            rows[-1][1] += f" {line.strip()}"
    told = {name for row in rows for name in row[0].split(", ")}
    if told != set(names):
        raise ValueError(f"not described: {sorted(set(names) ^ told)}")
    return [(", ".join(f"`{name}`" for name in row[0].split(", ")), row[1]) for row in rows]


def _type(text: str) -> str:
    return ", ".join(f"`{value}`" for value in text.split(" ")) if text.isupper() else f"`{text}`"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u00a0")


def _bytes(value: int) -> str:
    return f"{_number(value)} bytes"


def _rate(rate: float, burst: int) -> str:
    return f"{rate:g} a second, {_number(burst)} at once"


def _seconds(value: float | timedelta) -> str:
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    return f"{seconds:g} s"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def main() -> None:
    """Put the tables into the page."""
    text = page().read_text("utf-8")
    new = filled(text)
    if new != text:
        page().write_text(new, "utf-8", newline="\n")
    print("written" if new != text else "nothing changed", page())


if __name__ == "__main__":
    main()
