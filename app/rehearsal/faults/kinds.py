"""The faults by name, and the sorts of runs in which they come."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Fault(StrEnum):
    """What can be done to a night. The values are the rows of the table."""

    DROP = "request dropped"
    DELAY = "delayed"
    DUPLICATE = "request sent again"
    LATE = "delivered later, out of order"
    OUT_OF_ORDER = "later batch before earlier"
    TRUNCATE_REQUEST = "request truncated"
    TRUNCATE_ANSWER = "answer truncated"
    CORRUPT_REQUEST = "request changed"
    CORRUPT_ANSWER = "answer changed"
    CUT_AFTER_REQUEST = "cut after the request"
    CUT_BEFORE_ANSWER = "cut before the answer"
    STATUS_500 = "answered 500"
    STATUS_429 = "answered 429"
    GARBAGE = "answered garbage"
    SWAP = "answer to something else"
    FORGE_REQUEST = "forged batch"
    FORGE_ANSWER = "forged receipt"
    TLS_CUT = "cut in the handshake"
    TLS_EXPIRED = "server's certificate expired"
    TLS_FOREIGN = "server of a foreign authority"
    TLS_OTHER_NAME = "server of another name"
    RESTART = "stopped and started again"
    CLOCK = "clock jumped"
    KILL_COMMIT = "killed at a commit"
    KILL_FSYNC = "killed at an fsync"
    KILL_SEND = "killed at a send"
    KILL_ANSWER = "killed at an answer"
    KILL_ANYWHERE = "killed at random"
    DISK_FULL = "disk full"
    DISK_READ_ONLY = "disk read-only"
    BITS_STATION = "bits flipped at a station"
    BITS_CENTRE = "bits flipped at the centre"


#: Czech names for the table.
CZECH: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.DROP: "žádost zahozena",
        Fault.DELAY: "zdrženo",
        Fault.DUPLICATE: "žádost poslána znovu",
        Fault.LATE: "doručeno později, mimo pořadí",
        Fault.OUT_OF_ORDER: "pozdější dávka před dřívější",
        Fault.TRUNCATE_REQUEST: "žádost useknuta",
        Fault.TRUNCATE_ANSWER: "odpověď useknuta",
        Fault.CORRUPT_REQUEST: "žádost změněna",
        Fault.CORRUPT_ANSWER: "odpověď změněna",
        Fault.CUT_AFTER_REQUEST: "přerušeno po žádosti",
        Fault.CUT_BEFORE_ANSWER: "přerušeno před odpovědí",
        Fault.STATUS_500: "odpověď 500",
        Fault.STATUS_429: "odpověď 429",
        Fault.GARBAGE: "odpověď nesmyslná",
        Fault.SWAP: "odpověď na něco jiného",
        Fault.FORGE_REQUEST: "podvržená dávka",
        Fault.FORGE_ANSWER: "podvržené potvrzení",
        Fault.TLS_CUT: "přerušeno při navazování TLS",
        Fault.TLS_EXPIRED: "certifikát serveru vypršel",
        Fault.TLS_FOREIGN: "server cizí autority",
        Fault.TLS_OTHER_NAME: "server jiného jména",
        Fault.RESTART: "řádně zastaveno a spuštěno",
        Fault.CLOCK: "hodiny skočily",
        Fault.KILL_COMMIT: "zabito u commitu",
        Fault.KILL_FSYNC: "zabito u fsync",
        Fault.KILL_SEND: "zabito u odesílání",
        Fault.KILL_ANSWER: "zabito u odpovědi",
        Fault.KILL_ANYWHERE: "zabito kdekoli",
        Fault.DISK_FULL: "plný disk",
        Fault.DISK_READ_ONLY: "disk jen pro čtení",
        Fault.BITS_STATION: "převrácené bity ve stanici",
        Fault.BITS_CENTRE: "převrácené bity v ústředí",
    }
)

#: What the proxy on the line does, one fault to one request.
ON_THE_LINE = (
    Fault.DROP, Fault.DELAY, Fault.DUPLICATE, Fault.LATE, Fault.TRUNCATE_REQUEST, Fault.TRUNCATE_ANSWER,
    Fault.CORRUPT_REQUEST, Fault.CORRUPT_ANSWER, Fault.CUT_AFTER_REQUEST, Fault.CUT_BEFORE_ANSWER,
    Fault.STATUS_500, Fault.STATUS_429, Fault.GARBAGE, Fault.SWAP, Fault.FORGE_REQUEST, Fault.FORGE_ANSWER,
)  # fmt: skip
#: What it does to a connection over TLS before a byte of a request.
IN_THE_HANDSHAKE = (Fault.TLS_CUT, Fault.TLS_EXPIRED, Fault.TLS_FOREIGN, Fault.TLS_OTHER_NAME)
KILLS = (Fault.KILL_COMMIT, Fault.KILL_FSYNC, Fault.KILL_SEND, Fault.KILL_ANSWER, Fault.KILL_ANYWHERE)


class Sort(StrEnum):
    """Sorts of runs: what they add to faults on the line."""

    LINE = "line"
    TLS = "tls"
    CLOCK = "clock"
    DISK = "disk"
    BITS = "bits"
    KILLS = "kills"


#: Of so many runs in a row, one is of each of the rarer sorts; the rest is about the line.
ROUND: tuple[Sort, ...] = (
    Sort.LINE, Sort.KILLS, Sort.LINE, Sort.CLOCK, Sort.LINE, Sort.DISK, Sort.TLS, Sort.BITS, Sort.LINE,
    Sort.TLS,
)  # fmt: skip
