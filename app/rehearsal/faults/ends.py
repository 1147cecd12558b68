"""TLS ends of the line, right ones and wrong ones: what a station that speaks https meets on a bad night.

TLS looks at the machine's clock and at no parameter, so these ends have an authority of their own that is
alive by it, while the night runs by another clock; stations of such a run pin it as they pin the election's.
"""

from __future__ import annotations

import random
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.rehearsal.faults.kinds import Fault
from app.trust import keys
from app.trust.authority import AuthorityCertificate, make_authority
from app.trust.keys import PrivateKey
from app.trust.server_certificate import issue_server, make_server_request

HOST = "127.0.0.1"
_HOUR = timedelta(hours=1)
#: A handshake that hangs is given up after this many seconds.
_PATIENCE = 5.0


class Ends:
    """Contexts of a server by what is wrong with it, None for the right one; `authority` is what to pin."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        now = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - as TLS itself does
        self.authority = folder / "ca.pem"
        trusted, foreign = _Issuer(now), _Issuer(now)
        self.authority.write_bytes(trusted.certificate.to_pem())
        alive, over = (now - _HOUR, now + 12 * _HOUR), (now - 3 * _HOUR, now - 2 * _HOUR)
        self._contexts: Mapping[Fault | None, ssl.SSLContext] = {
            None: trusted.context(folder / "right", HOST, *alive),
            Fault.TLS_EXPIRED: trusted.context(folder / "expired", HOST, *over),
            Fault.TLS_FOREIGN: foreign.context(folder / "foreign", HOST, *alive),
            Fault.TLS_OTHER_NAME: trusted.context(folder / "other", "ustredi.example", *alive),
        }

    def secured(self, client: socket.socket, fault: Fault | None, chance: random.Random) -> ssl.SSLSocket:
        """The server's side of a handshake. Raises OSError where it fails, as it has to with a wrong end."""
        client.settimeout(_PATIENCE)
        if fault is Fault.TLS_CUT:
            with suppress(OSError):
                client.recv(chance.randint(1, 600))
            client.close()
            raise ConnectionAbortedError
        made = self._contexts[fault].wrap_socket(client, server_side=True)
        made.settimeout(None)
        return made


class _Issuer:
    def __init__(self, now: datetime) -> None:
        self._key: PrivateKey = keys.make_key()
        self.certificate: AuthorityCertificate = make_authority(
            "zkouska", self._key, now - 24 * _HOUR, now + 24 * _HOUR
        )

    def context(self, place: Path, host: str, begins: datetime, ends: datetime) -> ssl.SSLContext:
        """A server's, with a key of its own and a certificate of this issuer."""
        key = keys.make_key()
        request = make_server_request(key, [host])
        certificate = issue_server(request, [host], self.certificate, self._key, begins, ends)
        shown, secret = place.with_suffix(".pem"), place.with_suffix(".key")
        shown.write_bytes(certificate.to_pem())
        keys.save_key(key, secret, None)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(shown, secret)
        return context
