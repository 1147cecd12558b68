"""What happens on the line, counted: for each organisation, for each of its addresses, and for strangers.

Kept in memory and written to one file, atomically and at most once a second, for the operations room and for
the next start: the counts of a night survive a restart. Of strangers only the last thousand addresses are
remembered by name; the rest is in the sums.
"""

from __future__ import annotations

import json
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.central.media.server.allowed import Line

#: Addresses of strangers that are remembered.
_MOST_STRANGERS = 1000


@dataclass(slots=True)
class Seen:
    """One organisation, one address, or all strangers. `version` is the one that was current when a document
    was last answered; `last` in seconds since 1970."""

    requests: int = 0
    answered: int = 0
    unchanged: int = 0
    bytes: int = 0
    last: int = 0
    version: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def told(self) -> dict[str, Any]:
        """As it is written."""
        return {
            "requests": self.requests,
            "answered": self.answered,
            "unchanged": self.unchanged,
            "bytes": self.bytes,
            "last_seen": datetime.fromtimestamp(self.last, UTC).isoformat() if self.last else None,
            "version": self.version,
            "refused": dict(sorted(self.refused.items())),
        }

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Seen:
        """Read back. Raises ValueError, TypeError or KeyError for anything else."""
        last = told["last_seen"]
        refused = Counter({str(code): int(count) for code, count in told["refused"].items()})
        return cls(
            int(told["requests"]),
            int(told["answered"]),
            int(told["unchanged"]),
            int(told["bytes"]),
            int(datetime.fromisoformat(last).timestamp()) if last else 0,
            int(told["version"]),
            refused,
        )


class Counts:
    """Everything counted. Used on one loop; `told` and `text` may be called from any thread."""

    def __init__(self) -> None:
        self.organisations: dict[str, Seen] = {}
        self.addresses: dict[str, Seen] = {}
        self.strangers = Seen()
        self._by_address: OrderedDict[str, Seen] = OrderedDict()
        self.changed = False

    def answered(self, address: str, line: Line, status: int, size: int, now: int, version: int) -> None:
        """A request was let in; `size` bytes of content go out. `version` 0: it was no document."""
        self.changed = True
        for seen in self._of(address, line):
            seen.requests += 1
            seen.last = now
            seen.bytes += size
            if status == 304:
                seen.unchanged += 1
            else:
                seen.answered += 1
            if version and status in (200, 304):
                seen.version = version

    def refused(self, address: str, line: Line | None, code: str, now: int) -> None:
        """A request was refused; of no organisation when its address is a stranger's, or unknown (empty)."""
        self.changed = True
        for seen in self._of(address, line):
            seen.requests += 1
            seen.refused[code] += 1
            seen.last = now

    def sent(self, address: str, line: Line, size: int) -> None:
        """More bytes of an answer that was counted already."""
        self.changed = True
        for seen in self._of(address, line):
            seen.bytes += size

    def _of(self, address: str, line: Line | None) -> Iterable[Seen]:
        if line is None:
            return (self.strangers, self._stranger(address)) if address else (self.strangers,)
        whole = self.organisations.get(line.organisation)
        if whole is None:
            whole = self.organisations[line.organisation] = Seen()
        own = self.addresses.get(address)
        if own is None:
            own = self.addresses[address] = Seen()
        return whole, own

    def _stranger(self, address: str) -> Seen:
        seen = self._by_address.get(address)
        if seen is None:
            seen = self._by_address[address] = Seen()
            if len(self._by_address) > _MOST_STRANGERS:
                self._by_address.popitem(last=False)
        self._by_address.move_to_end(address)
        return seen

    def told(self) -> dict[str, Any]:
        """As it is written to the file."""
        return {
            "organisations": _all(self.organisations),
            "addresses": _all(self.addresses),
            "strangers": self.strangers.told(),
            "stranger_addresses": _all(self._by_address),
        }

    def take_up(self, told: Mapping[str, Any]) -> None:
        """Go on from what was written. Raises ValueError, TypeError, KeyError or AttributeError when it is
        something else; nothing is taken up then."""
        organisations = {str(name): Seen.of(each) for name, each in told["organisations"].items()}
        addresses = {str(name): Seen.of(each) for name, each in told["addresses"].items()}
        by_address = {str(name): Seen.of(each) for name, each in told["stranger_addresses"].items()}
        self.strangers = Seen.of(told["strangers"])
        self.organisations, self.addresses = organisations, addresses
        self._by_address = OrderedDict(by_address)


def _all(named: Mapping[str, Seen]) -> dict[str, Any]:
    return {name: seen.told() for name, seen in list(named.items())}


def read(path: Path) -> dict[str, Any]:
    """The file as it was written last; empty where there is none or it is not one."""
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def write(path: Path, told: Mapping[str, Any]) -> None:
    """Replace the file whole. Raises OSError."""
    half = path.with_name(path.name + ".part")
    half.write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    half.replace(path)
