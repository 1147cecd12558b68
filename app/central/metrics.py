"""What the door counts, in the text format that Prometheus reads (version 0.0.4).

Counts and codes only: no station, no address, nothing of a result. Written here in a few lines instead of
by a library, whose registries, processes and servers nothing here needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from threading import Lock

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Counters:
    """Answers by address and status, refusals by code. Safe from any thread; a process begins at 0."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._answers: Counter[tuple[str, int]] = Counter()
        self._refusals: Counter[str] = Counter()
        self._protocols: Counter[str] = Counter()

    def answered(self, path: str, status: int) -> None:
        with self._guard:
            self._answers[path, status] += 1

    def refused(self, code: str) -> None:
        """A whole request."""
        with self._guard:
            self._refusals[code] += 1

    def protocol_refused(self, code: str) -> None:
        """One protocol of a batch."""
        with self._guard:
            self._protocols[code] += 1

    def text(self, gauges: Mapping[str, tuple[str, int]]) -> str:
        """Everything counted, and `gauges`: name → what it is, and its value now."""
        with self._guard:
            answers = sorted(self._answers.items())
            refusals, protocols = sorted(self._refusals.items()), sorted(self._protocols.items())
        lines = [
            *_head("prebirka_answers_total", "counter", "Answers of the door by address and status."),
            *(
                f'prebirka_answers_total{{path="{path}",status="{status}"}} {count}'
                for (path, status), count in answers
            ),
            *_head("prebirka_refusals_total", "counter", "Refused requests by their stable code."),
            *_by_code("prebirka_refusals_total", refusals),
            *_head("prebirka_protocol_refusals_total", "counter", "Refused protocols by their stable code."),
            *_by_code("prebirka_protocol_refusals_total", protocols),
        ]
        return "\n".join(lines) + "\n" + gauges_text(gauges)


def gauges_text(gauges: Mapping[str, tuple[str, int]]) -> str:
    """Gauges alone: name → what it is, and its value now."""
    lines: list[str] = []
    for name, (what, value) in gauges.items():
        lines += [*_head(name, "gauge", what), f"{name} {value}"]
    return "".join(f"{line}\n" for line in lines)


def _head(name: str, kind: str, what: str) -> Iterator[str]:
    yield f"# HELP {name} {what}"
    yield f"# TYPE {name} {kind}"


def _by_code(name: str, counts: list[tuple[str, int]]) -> Iterator[str]:
    return (f'{name}{{code="{code}"}} {count}' for code, count in counts)
