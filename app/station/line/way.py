"""The way to the centre: its address, a proxy in between, and whom TLS trusts.

One home for what the sender and the examination of the line have to do alike. A proxy is taken only
where `station.toml` says so: variables of the environment that somebody set for a browser must not lead
results elsewhere, so they count only for `proxy = "system"`.
"""

from __future__ import annotations

import base64
import secrets
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from app.station.config import CA_FILE, SYSTEM_PROXY, StationConfig, Trust
from app.trust.keys import save_key

if TYPE_CHECKING:
    from app.station.outbox import Signer

_PORTS = MappingProxyType({"http": 80, "https": 443})


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy over plain HTTP; `authorization` is the value of its header, empty without a name."""

    host: str
    port: int
    authorization: str = field(default="", repr=False)

    @property
    def headers(self) -> Mapping[str, str]:
        return {"Proxy-Authorization": self.authorization} if self.authorization else {}


@dataclass(frozen=True, slots=True)
class Way:
    """How to get to the centre at `url`. Raises ValueError where the address or the proxy is impossible."""

    url: str
    authority: Path
    trust: Trust = Trust.ELECTION
    proxy: Proxy | None = None
    signer: Signer | None = None  # shows its certificate to a front proxy that asks

    @classmethod
    def of(cls, config: StationConfig, folder: Path, signer: Signer | None = None) -> Way:
        """As a station's configuration says; `signer` counts only where its certificate is to be shown."""
        proxy = chosen_proxy(config.proxy, config.centre_url)
        shown = signer if config.show_certificate else None
        return cls(config.centre_url, folder / CA_FILE, config.trust, proxy, shown)

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.url)

    @property
    def is_secure(self) -> bool:
        return self.parts.scheme == "https"

    @property
    def centre(self) -> tuple[str, int]:
        """Host and port of the centre."""
        parts = self.parts
        if parts.scheme not in _PORTS:
            raise ValueError(f"an address that is not of HTTP: {self.url}")
        if not parts.hostname:
            raise ValueError(f"an address without a host: {self.url}")
        return parts.hostname, parts.port or _PORTS[parts.scheme]

    @property
    def first(self) -> tuple[str, int]:
        """Host and port that this machine itself connects to: the proxy, or the centre."""
        return (self.proxy.host, self.proxy.port) if self.proxy else self.centre

    def target(self, path: str) -> str:
        """What stands in the request's first line; a proxy of plain HTTP wants the whole address."""
        own = self.parts.path.rstrip("/") + path
        if self.proxy is None or self.is_secure:
            return own
        return f"{self.parts.scheme}://{self.parts.netloc.rpartition('@')[2]}{own}"

    @property
    def headers(self) -> Mapping[str, str]:
        """What a proxy of plain HTTP wants with every request."""
        return self.proxy.headers if self.proxy and not self.is_secure else {}

    def context(self) -> ssl.SSLContext:
        """Whom TLS trusts: the pinned election authority, and the system's beside it only where told.
        Raises OSError when a certificate cannot be read."""
        if self.trust is Trust.SYSTEM:
            context = ssl.create_default_context()
            context.load_verify_locations(cafile=str(self.authority))
        else:
            context = ssl.create_default_context(cafile=str(self.authority))
        if self.signer is not None:
            _show(context, self.signer)
        return context

    def connection(self, seconds: float, context: ssl.SSLContext | None) -> HTTPConnection:
        """A connection not made yet, each step of which may last `seconds`; `context` for https."""
        host, port = self.centre
        first, at = self.first
        if not self.is_secure:
            return HTTPConnection(first, at, timeout=seconds)
        made = HTTPSConnection(first, at, timeout=seconds, context=context)
        if self.proxy is not None:
            made.set_tunnel(host, port, dict(self.proxy.headers))
        return made


def chosen_proxy(told: str, url: str) -> Proxy | None:
    """The proxy that `told` means for an address: none, the system's, or an explicit one."""
    if told == SYSTEM_PROXY:
        parts = urlsplit(url)
        if proxy_bypass(parts.hostname or ""):
            return None
        try:
            return parse_proxy(getproxies()[parts.scheme])
        except (KeyError, ValueError):  # none, or one that does not speak HTTP
            return None
    return parse_proxy(told) if told else None


def parse_proxy(address: str) -> Proxy:
    """Read `http://[name:password@]host[:port]`. Raises ValueError."""
    parts = urlsplit(address if "//" in address else f"//{address}", scheme="http")
    if parts.scheme != "http" or not parts.hostname or parts.path.strip("/"):
        raise ValueError("proxy")
    authorization = ""
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = "Basic " + base64.b64encode(pair.encode()).decode()
    return Proxy(parts.hostname, parts.port or 80, authorization)


def _show(context: ssl.SSLContext, signer: Signer) -> None:
    """Let TLS show the station's certificate. The library reads keys from files only, so the key lies on
    the disk for this moment, under a passphrase that nobody else ever knows."""
    passphrase = secrets.token_hex(32)
    with TemporaryDirectory() as folder:
        key, certificate = Path(folder) / "key", Path(folder) / "certificate"
        save_key(signer.key, key, passphrase)
        certificate.write_bytes(signer.certificate.to_pem())
        context.load_cert_chain(certificate, key, passphrase)
