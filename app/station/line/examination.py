"""Examining the line to the centre as a doctor does: step by step, until one of them fails.

It uses connections of its own and changes nothing, so it may run beside the sender, off the main thread,
as often as somebody likes. Network steps after a failed one are left out; what this machine knows by
itself (its certificate, its queue) is told always.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from app.documents.builds import Standing
from app.election.errors import KnownError
from app.program import current
from app.station.approved import Approved
from app.station.config import StationConfig, Trust
from app.station.connection import Connection
from app.station.line.findings import Diagnosis, Finding, found, instant, skipped
from app.station.line.steps import Step
from app.station.line.way import Way
from app.station.outbox import Signer
from app.station.point.asking import Inquirer, InquiryRefused
from app.station.transport import HttpTransport
from app.station.wire import NoAnswer, Unreachable
from app.trust import peer
from app.trust.anchors import Anchors

#: Seconds for each step of a connection, and for the whole of an answer.
PATIENCE = 5.0
#: Clock differences up to here are good; above the second the centre refuses inquiries.
GOOD_CLOCK, REFUSED_CLOCK = timedelta(seconds=60), timedelta(minutes=10)
#: A certificate that ends sooner is worth a warning.
SOON = timedelta(days=7)
_BEYOND = 999_999_999
_LARGEST = 1_000_000
_EXPIRED, _NOT_YET, _HOST, _ADDRESS = 10, 9, 62, 64  # X509_V_ERR_… of OpenSSL
_CODE = re.compile(r"\b(ING-\d\d|HTTP \d{3})\b")


class Examination:
    """Of one station's line. Use from one thread at a time; `connection` tells what the board shows."""

    def __init__(
        self,
        folder: Path,
        config: StationConfig,
        signer: Signer,
        anchors: Anchors,
        clock: Callable[[], datetime],
        connection: Callable[[], Connection],
        approved: Approved,
    ) -> None:
        self._folder, self._config, self._signer, self._anchors = folder, config, signer, anchors
        self._clock, self._connection, self._approved = clock, connection, approved

    def examine(self) -> Diagnosis:
        """Walk all the steps; takes as long as the network does, some 20 seconds at worst."""
        own = (self._certificate(), self._program(), self._queue())
        told = {finding.step: finding for finding in (*self._network(), *own)}
        return Diagnosis(self._clock(), tuple(told.get(step) or skipped(step) for step in Step))

    def _network(self) -> list[Finding]:
        """Steps on the way, up to the first that fails."""
        try:
            way = Way.of(self._config, self._folder, self._signer)
            first = way.first
            _ = way.centre
        except ValueError as error:
            return [found("LIN-02", detail=error)]
        proxy = f"{first[0]}:{first[1]}"
        told = [
            found(
                "LIN-01", url=way.url, proxy=f"přes proxy {proxy}" if way.proxy else "bez proxy",
                proxy_en=f"through the proxy {proxy}" if way.proxy else "without a proxy",
            )
        ]  # fmt: skip
        try:
            told.append(_name(*first))
            told.append(_route(*first))
            secured, connection = self._secured(way)
            told.append(secured)
            with closing(connection):
                centre, clock = self._centre(way, connection)
            told += [centre, clock, self._register()]
        except _Failed as failed:
            told.append(failed.finding)
        return told

    def _secured(self, way: Way) -> tuple[Finding, HTTPConnection]:
        """A connection over TLS, through the proxy where there is one, and what it showed."""
        try:
            context = way.context() if way.is_secure else None
        except (OSError, KnownError) as error:
            raise _Failed("LIN-37", detail=_reason(error)) from error
        connection = way.connection(PATIENCE, context)
        try:
            connection.connect()
        except ssl.SSLCertVerificationError as error:
            connection.close()
            raise _distrusted(way, error) from error
        except (OSError, HTTPException) as error:
            connection.close()
            through_proxy = way.proxy is not None and not isinstance(error, ssl.SSLError)
            raise _Failed("LIN-35" if through_proxy else "LIN-34", detail=_reason(error)) from error
        if not isinstance(connection.sock, ssl.SSLSocket):
            return found("LIN-36"), connection
        shown = peer.describe(connection.sock.getpeercert(binary_form=True) or b"")
        alone = self._config.trust is Trust.ELECTION
        return (
            found(
                "LIN-30", subject=shown.subject if shown else "?", issuer=shown.issuer if shown else "?",
                until=instant(shown.not_after) if shown else "?",
                trusted="jen volební autoritě" if alone else "volební autoritě a seznamu systému",
                trusted_en="the election authority" + (" alone" if alone else " and the system's list"),
            ),
            connection,
        )  # fmt: skip

    def _centre(self, way: Way, connection: HTTPConnection) -> tuple[Finding, Finding]:
        """The centre's status, and how far its clock is from this one."""
        asked = time.monotonic()
        try:
            connection.request("GET", way.target("/v1/status"), headers=dict(way.headers))
            response = connection.getresponse()
            body = response.read(_LARGEST)
        except (OSError, HTTPException) as error:
            raise _Failed("LIN-41", detail=_reason(error)) from error
        took = timedelta(seconds=time.monotonic() - asked)
        try:
            status = json.loads(body)
            election, mode = str(status["election"]), str(status["mode"])
        except (ValueError, KeyError, TypeError):
            named = _CODE.search(body[:2000].decode("ascii", "replace"))
            if named:
                raise _Failed("LIN-44", detail=named[0]) from None
            raise _Failed("LIN-42", status=response.status) from None
        ours = self._config
        if (election, mode) != (ours.election, ours.mode.value):
            raise _Failed(
                "LIN-43", election=election, mode=mode, ours=ours.election, our_mode=ours.mode.value
            )
        software = str(status.get("software", "?"))
        told = found("LIN-40", election=election, mode=mode, software=software)
        return told, self._clock_finding(_time_of(status, response.headers), took)

    def _clock_finding(self, theirs: datetime | None, took: timedelta) -> Finding:
        if theirs is None:
            return found("LIN-53")
        # The centre tells whole seconds, some time before its answer was here.
        differs = max(abs(self._clock() - theirs) - took - timedelta(seconds=1), timedelta())
        code = "LIN-50" if differs <= GOOD_CLOCK else "LIN-51" if differs <= REFUSED_CLOCK else "LIN-52"
        return found(code, seconds=int(differs.total_seconds()))

    def _register(self) -> Finding:
        """Whether the centre knows this station: a signed inquiry for batches that cannot exist."""
        inquirer = Inquirer(self._config, self._signer, self._anchors)
        try:
            with HttpTransport.of(self._config, self._folder, self._signer) as transport:
                inquirer.batches(transport, _BEYOND, self._clock())
        except (Unreachable, NoAnswer) as error:
            return found("LIN-73", detail=_reason(error))
        except InquiryRefused as error:
            if error.code != "STA-110":
                return found("LIN-74", detail=error.cs, detail_en=error.en)
            named = _CODE.search(error.en)
            code = named[0] if named else "?"
            by_code = {"ING-04": "LIN-72", "ING-05": "LIN-71", "ING-12": "LIN-75", "ING-40": "LIN-75",
                       "ING-41": "LIN-75", "ING-42": "LIN-75"}  # fmt: skip
            return found(by_code.get(code, "LIN-73"), detail=code)
        except KnownError as error:
            return found("LIN-74", detail=error.cs, detail_en=error.en)
        return found("LIN-70")

    def _certificate(self) -> Finding:
        certificate, now = self._signer.certificate, self._clock()
        try:
            self._anchors.trust(certificate.der, now)
        except KnownError as error:
            return found("LIN-62", detail=error.cs, detail_en=error.en)
        code = "LIN-60" if certificate.not_after - now > SOON else "LIN-61"
        return found(code, station=self._config.station, until=instant(certificate.not_after))

    def _program(self) -> Finding:
        """Whether the program may be worked with, by the list that lies here."""
        approval, program = self._approved.approval(self._clock()), current()
        named = {"version": program.version, "build": program.build[:12]}
        builds = approval.builds
        if builds is None:
            return found("LIN-91", **named)
        codes = {Standing.ALLOWED: "LIN-90", Standing.WARNED: "LIN-93", Standing.REFUSED: "LIN-94"}
        code = codes[approval.standing]
        if approval.expired and approval.standing is Standing.ALLOWED:
            code = "LIN-92"
        until, frozen = instant(builds.valid_until), instant(builds.frozen_at)
        return found(code, serial=builds.serial, until=until, frozen=frozen, **named)

    def _queue(self) -> Finding:
        shown = self._connection()
        if shown.last_refusal is not None:
            refusal = shown.last_refusal
            return found(
                "LIN-82", detail=f"{refusal.cs} [{refusal.code}]", detail_en=f"{refusal.en} [{refusal.code}]"
            )
        receipt = instant(shown.last_receipt) if shown.last_receipt else ""
        attempt = instant(shown.next_attempt) if shown.next_attempt else ""
        return found(
            "LIN-81" if shown.queue else "LIN-80", queue=shown.queue,
            receipt=receipt or "žádné", receipt_en=receipt or "none",
            attempt=attempt or "hned", attempt_en=attempt or "at once",
        )  # fmt: skip


class _Failed(Exception):
    """A step on the way failed; the ones after it are left out."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.finding = found(code, **values)


def _name(host: str, port: int) -> Finding:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _Failed("LIN-11", host=host, detail=_reason(error)) from error
    addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    return found("LIN-10", host=host, addresses=", ".join(addresses))


def _route(host: str, port: int) -> Finding:
    begun = time.monotonic()
    try:
        with socket.create_connection((host, port), PATIENCE) as line:
            address = str(line.getpeername()[0])
    except ConnectionRefusedError as error:
        raise _Failed("LIN-21", host=host, port=port) from error
    except TimeoutError as error:
        raise _Failed("LIN-22", host=host, port=port) from error
    except OSError as error:
        raise _Failed("LIN-23", host=host, detail=_reason(error)) from error
    took = int((time.monotonic() - begun) * 1000)
    return found("LIN-20", host=host, port=port, address=address, ms=took)


def _distrusted(way: Way, error: ssl.SSLCertVerificationError) -> _Failed:
    """Why a server's certificate was not taken, with what it says of itself."""
    shown = _shown(way)
    subject, issuer = (shown.subject, shown.issuer) if shown else ("?", "?")
    if error.verify_code in (_HOST, _ADDRESS):
        hosts = ", ".join(shown.hosts) if shown and shown.hosts else "?"
        return _Failed("LIN-32", host=way.centre[0], hosts=hosts)
    if error.verify_code in (_EXPIRED, _NOT_YET) and shown is not None:
        since, until = instant(shown.not_before), instant(shown.not_after)
        return _Failed("LIN-33", subject=subject, since=since, until=until)
    return _Failed("LIN-31", subject=subject, issuer=issuer)


def _shown(way: Way) -> peer.Peer | None:
    """The certificate of a server that is not trusted, only to be told about: nothing is sent to it."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with suppress(OSError, HTTPException), closing(way.connection(PATIENCE, context)) as connection:
        connection.connect()
        if isinstance(connection.sock, ssl.SSLSocket):
            return peer.describe(connection.sock.getpeercert(binary_form=True) or b"")
    return None


def _time_of(status: dict[str, object], headers: Message) -> datetime | None:
    """The centre's own time; a server in front may only have the header's."""
    try:
        told = datetime.fromisoformat(str(status["time"]))
    except (KeyError, ValueError):
        try:
            told = parsedate_to_datetime(headers.get("Date") or "")
        except (ValueError, TypeError):
            return None
    return told if told.tzinfo is not None else None


def _reason(error: BaseException) -> str:
    if isinstance(error, KnownError):
        return error.code
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(
        error
    ).__name__
