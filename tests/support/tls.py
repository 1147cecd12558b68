"""Real TLS servers for the line's tests: certificates of any kind, a proxy that knows CONNECT."""

from __future__ import annotations

import ipaddress
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.support.station_world import Authority

#: TLS looks at the machine's clock and at no parameter.
NOW = datetime.now(UTC)
DAY = timedelta(days=1)
Respond = Callable[[BaseHTTPRequestHandler, bytes], None]


def usable_now(election: str) -> Authority:
    """An authority that is valid by the machine's clock, whatever the rehearsed night is."""
    from app.trust.authority import make_authority
    from app.trust.keys import make_key

    key = make_key()
    return Authority(election, key, make_authority(election, key, NOW - 30 * DAY, NOW + 30 * DAY))


def server_certificate(
    folder: Path, issuer: Authority, *names: str, begins: datetime = NOW - DAY, ends: datetime = NOW + DAY
) -> tuple[Path, Path]:
    """Certificate and key (PEM) of a server with these names and addresses."""
    key = ec.generate_private_key(ec.SECP256R1())
    alternatives: list[x509.GeneralName] = []
    for name in names:
        try:
            alternatives.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            alternatives.append(x509.DNSName(name))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])]))
        .issuer_name(issuer.certificate.parsed.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(issuer.key, hashes.SHA256())
    )
    paths = folder / "server.pem", folder / "server.key"
    paths[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return paths


def context_of(certificate: Path, key: Path, clients: Authority | None = None) -> ssl.SSLContext:
    """A server's context; with `clients` it demands a certificate of theirs."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    if clients is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=clients.certificate.to_pem().decode())
    return context


@dataclass
class Line:
    """A running server: its port, and what it saw."""

    port: int
    seen: list[str]
    #: common names of the certificates that clients showed
    shown: list[str]


def say(status: int, body: bytes, **headers: str) -> Respond:
    def respond(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return respond


@contextmanager
def serving(
    respond: Respond, context: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> Iterator[Line]:
    """An HTTP server in threads, over TLS with a `context`."""
    line = Line(0, [], [])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            if context is not None:
                self.request = context.wrap_socket(self.request, server_side=True)
            super().setup()

        def finish(self) -> None:
            with suppress(OSError):
                super().finish()
            self.request.close()

        def _any(self) -> None:
            line.seen.append(f"{self.command} {self.path}")
            if context is not None and (peer := self.connection.getpeercert()):
                line.shown.append(dict(pair for (pair,) in peer["subject"])["commonName"])
            respond(self, self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        do_GET = do_POST = _any

        def do_CONNECT(self) -> None:
            line.seen.append(f"CONNECT {self.path}")
            host, _, port = self.path.rpartition(":")
            with socket.create_connection((host, int(port))) as other:
                self.send_response(200)
                self.end_headers()
                _join(self.connection, other)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Handshakes that fail are what these tests are about."""

    server = Quiet((host, 0), Handler)
    line.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield line
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _join(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until one end is done."""
    with suppress(OSError):
        while True:
            for ready in select.select([one, other], [], [], 10)[0]:
                data = ready.recv(65_536)
                if not data:
                    return
                (other if ready is one else one).sendall(data)


class BlackHole:
    """An address that takes connections and swallows everything; `reached` once somebody sent a byte."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.reached = threading.Event()
        self._held: list[socket.socket] = []
        self._thread = threading.Thread(target=self._swallow, daemon=True)
        self._thread.start()

    def _swallow(self) -> None:
        with suppress(OSError):
            while True:
                taken, _ = self._listener.accept()
                self._held.append(taken)
                taken.recv(1)
                self.reached.set()

    def close(self) -> None:
        """Cut everybody who waits."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)
        for each in self._held:
            each.close()
