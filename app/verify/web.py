"""Published files over HTTP: the addresses that newsrooms use, one connection, bounded in size and time.

No redirects are followed and no cookies kept: what is verified is what this one address answers.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Hashable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

from app.verify.differences import Unreadable
from app.verify.source import LARGEST, too_large

#: Seconds for one connection, and for each wait for bytes.
TIME_OUT = 20.0
_INDEX = re.compile(r"(?P<base>/(?:[^?#]*/)?)feed/(?P<election>[a-z0-9-]{1,32})(?:/(?:index\.xml)?)?")
_VERSION = re.compile(rb'<FEED[^>]*\sVERZE="([1-9][0-9]{0,8})"')
_CODINGS = {".gz": "gzip", ".br": "br"}
_ATTEMPTS = 2


class Web:
    """A centre's public address: of `index.xml`, or of the server when `election` is given."""

    def __init__(self, address: str, election: str = "", ca: Path | None = None) -> None:
        """`ca` is trusted for https beside the system's authorities."""
        parts = urlsplit(address)
        named = _INDEX.fullmatch(parts.path)
        self._base = named["base"] if named else parts.path.rstrip("/") + "/"
        self.election = election or (named["election"] if named else "")
        if parts.scheme not in ("http", "https") or not parts.hostname or not self.election:
            raise Unreadable(
                "VER-02",
                "Zadejte adresu rozcestníku, třeba https://server/feed/kz2024/index.xml, "
                "nebo k adrese serveru přidejte --election.",
                "Give the address of an index such as https://server/feed/kz2024/index.xml, "
                "or add --election to a server's address.",
            )
        self._address = address
        self._connection = self._connect(parts.scheme, parts.hostname, parts.port, ca)
        self._current: int | None = None

    def versions(self) -> list[int]:
        return [self.current()]

    def current(self) -> int:
        if self._current is None:
            index = self._get(f"feed/{self.election}/index.xml")
            found = _VERSION.search(index or b"")
            if found is None:
                raise self._trouble("rozcestník index.xml tu není", "there is no index.xml")
            self._current = int(found[1])
        return self._current

    def files(self, version: int) -> set[str] | None:
        return None

    def changes(self) -> set[str] | None:
        return None

    def read(self, version: int, path: str) -> bytes | None:
        body = self._get(self._of_version(version, path))
        manifest = f"feed/{self.election}/manifest.xml"
        if body is None and path != manifest and self._get(self._of_version(version, manifest)) is None:
            raise Unreadable(
                "VER-03",
                f"Verze {version} mezitím ustoupila novějším. Ověřte znovu, nebo ověřte kopii složky.",
                f"Version {version} gave way to newer ones meanwhile. Verify again, or verify a copy of the "
                "folder.",
            )
        return body

    def read_change(self, name: str) -> bytes | None:
        return self._get(f"feed/{self.election}/changes/{name}")

    def variant(self, version: int, path: str, suffix: str) -> bytes | None:
        return self._get(self._of_version(version, path), _CODINGS[suffix])

    def same(self, version: int, path: str) -> Hashable:
        return version, path

    def elections(self, version: int) -> list[str]:
        return [self.election]

    def strangers(self) -> list[str]:
        return []

    def close(self) -> None:
        self._connection.close()

    def _of_version(self, version: int, path: str) -> str:
        return f"feed/{self.election}/versions/{version}/{path}"

    def _connect(self, scheme: str, host: str, port: int | None, ca: Path | None) -> HTTPConnection:
        if scheme == "http":
            return HTTPConnection(host, port, timeout=TIME_OUT)
        context = ssl.create_default_context()
        if ca is not None:
            context.load_verify_locations(ca)
        return HTTPSConnection(host, port, timeout=TIME_OUT, context=context)

    def _get(self, path: str, coding: str = "identity") -> bytes | None:
        """The body as it came, or None: not there (404), or not in this coding."""
        for attempt in range(_ATTEMPTS):
            try:
                return self._once(path, coding)
            except (OSError, HTTPException) as error:
                self._connection.close()
                if attempt == _ATTEMPTS - 1:
                    raise self._trouble(f"server neodpověděl na {path} ({error})",
                                        f"the server did not answer {path} ({error})") from error  # fmt: skip
        raise AssertionError  # pragma: no cover

    def _once(self, path: str, coding: str) -> bytes | None:
        self._connection.request("GET", self._base + quote(path), headers={"Accept-Encoding": coding})
        answer = self._connection.getresponse()
        body = answer.read(LARGEST + 1)
        if len(body) > LARGEST:
            self._connection.close()
            raise too_large(path)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise self._trouble(f"{path}: odpověď {answer.status}", f"{path}: answer {answer.status}")
        return body if answer.headers.get("Content-Encoding", "identity") == coding else None

    def _trouble(self, cs: str, en: str) -> Unreadable:
        return Unreadable("VER-01", f"{self._address}: {cs}.", f"{self._address}: {en}.")
