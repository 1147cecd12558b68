"""The evidence pack: everything that an inquiry may ask a centre for, in one folder or file, and no secret.

    SHA256SUMS, SHA256SUMS.p7s     the hash of every other file, signed by the centre's key
    manifest.json, README.txt      what the pack is of, and how to check it
    certificates/                  the authority, the centre, every station that signed anything
    config/centre.toml             the settings, without the database's address
    tables/NAME.jsonl              every row of every table: the journal, all revisions, operators' acts…
    files/NAME/…                   the very bytes that were signed: batches, receipts, acts, permits, reports
    published/                     checkpoints and manifests of the versions, every changes file, signatures
    logs/                          the logs that were named

The rows are of one moment. Hashes of passwords are left out, a private key stops the pack. It can be checked
without this program: by `openssl cms -verify` and `sha256sum -c`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, func, select

from app import __version__
from app.central import journal, recorded, schema
from app.central.centre import Parts
from app.central.database import Database
from app.central.settings import CentreFolder
from app.election.errors import KnownError
from app.trust import cms, message
from app.trust.certificate import Certificate

SUMS, SIGNATURE, MANIFEST = "SHA256SUMS", "SHA256SUMS.p7s", "manifest.json"
_KEY = b"PRIVATE " + b"KEY-----"
#: Columns whose bytes are signed files of their own.
_SIGNED = {"raw": "p7m", "receipt": "receipt.p7m"}
_PUBLISHED = ("checkpoint.xml", "manifest.xml", "index.xml", "zero.xml", "acts.xml")
_README = """\
Důkazní balíček ústředí {election} ({mode}), {at}.
Ověření (v této složce):
Evidence pack of the centre {election} ({mode}), {at}.
To check it, in this folder:

    openssl cms -verify -binary -inform DER -in SHA256SUMS.p7s -content SHA256SUMS \\
        -CAfile certificates/ca.pem -purpose any -no_check_time -out /dev/null
    sha256sum -c SHA256SUMS

Otisk certificates/ca.pem porovnejte s vyhlášeným otiskem volební autority.
Compare the fingerprint of certificates/ca.pem with the one that the election authority announced.
"""


@dataclass(frozen=True, slots=True)
class Packed:
    """How many files, how many bytes before compression, and the hash of their list, which names the pack."""

    files: int
    size: int
    sha256: str


def pack(database: Database, parts: Parts, target: Path, at: datetime, logs: Sequence[Path] = ()) -> Packed:
    """Write the pack: a folder, or one file where the name ends with .tar.gz.

    Raises KnownError ROM-24 where there is something of that name or it cannot be written, ROM-25 when a file
    holds a private key; nothing of the pack is left then.
    """
    whole = target.with_name(f".{target.name}.part")
    try:
        if target.exists():
            raise FileExistsError(17, "File exists")
        shutil.rmtree(whole, ignore_errors=True)
        whole.mkdir(mode=0o700, parents=True)
        packed = _Pack(whole).write(database, parts, at, logs)
        if target.name.endswith(".tar.gz"):
            _compress(whole, target)
        else:
            whole.rename(target)
    except OSError as error:
        raise KnownError(
            "ROM-24",
            f"Důkazní balíček {target} nelze zapsat, nebo už tam něco je. Zvolte jiné místo.",
            f"The evidence pack {target} cannot be written or is there already ({error.strerror}). Choose "
            "another place.",
        ) from error
    finally:
        shutil.rmtree(whole, ignore_errors=True)
    return packed


def last_act(database: Database) -> datetime | None:
    """When the centre wrote its journal last: a pack is asked for long after certificates have ended, and the
    centre's folder is proved as of then. None for an empty journal."""
    with database.reading() as connection:
        at = connection.execute(select(func.max(schema.journal.c.at))).scalar()
    return None if at is None else datetime.fromisoformat(at)


class _Pack:
    """A pack that is being written; each file is hashed as it is."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._sums: dict[str, str] = {}
        self._size = 0

    def write(self, database: Database, parts: Parts, at: datetime, logs: Sequence[Path]) -> Packed:
        paths, seal = parts.folder, parts.seal
        with database.reading() as connection:
            head = journal.head(connection)
            certificates = self._tables(connection)
        self._certificates(paths, certificates)
        self._put("config/centre.toml", _settings(parts).encode())
        self._copy("config/reference.sqlite.p7s", paths.reference_signature)
        self._published(paths.public)
        for log in logs:
            self._copy(f"logs/{log.name}", log)
        about = {
            "format": 1, "election": parts.settings.election, "mode": parts.settings.mode.value,
            "made_at": journal.stamp(at), "software": f"prebirka {__version__}",
            "journal": {"rows": head.id, "head": head.hash},
            "reference_sha256": _hash_of(paths.reference),
        }  # fmt: skip
        self._put(MANIFEST, (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode())
        self._put("README.txt", _README.format(**about, at=journal.stamp(at)).encode())
        sums = "".join(f"{digest}  {name}\n" for name, digest in sorted(self._sums.items())).encode()
        (self._root / SUMS).write_bytes(sums)
        signature = cms.sign_detached(sums, seal.key, seal.certificate, at)
        (self._root / SIGNATURE).write_bytes(signature)
        return Packed(len(self._sums), self._size, hashlib.sha256(sums).hexdigest())

    def _tables(self, connection: Connection) -> dict[str, Certificate]:
        """Every row of every table; returns the certificates of those who signed batches."""
        found: dict[str, Certificate] = {}
        for table in sorted(schema.metadata.tables.values(), key=lambda each: each.name):
            signs = table.name in (schema.batch.name, schema.set_aside.name)
            lines = []
            for number, row in enumerate(_rows(connection, table), start=1):
                if signs:
                    one = Certificate.from_der(message.decode(bytes(row["raw"])).certificate)
                    found.setdefault(one.fingerprint, one)
                lines.append(json.dumps(self._row(table, number, row), ensure_ascii=False) + "\n")
            self._put(f"tables/{table.name}.jsonl", "".join(lines).encode())
        return found

    def _row(self, table: Table, number: int, row: Mapping[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for name, value in row.items():
            if (table.name, name) in recorded.SECRET:
                continue
            if isinstance(table.c[name].type, LargeBinary) and value is not None:
                value = self._bytes(table.name, number, name, bytes(value))
            told[name] = value
        return told

    def _bytes(self, table: str, number: int, column: str, value: bytes) -> object:
        """Signed bytes lie beside as a file; text stands where it is, anything else as base64."""
        if column in _SIGNED:
            path = f"files/{table}/{number:06}.{_SIGNED[column]}"
            self._put(path, value)
            return {"file": path}
        try:
            return value.decode("ascii")
        except UnicodeDecodeError:
            return {"base64": base64.b64encode(value).decode()}

    def _certificates(self, paths: CentreFolder, stations: Mapping[str, Certificate]) -> None:
        self._copy("certificates/ca.pem", paths.authority)
        self._copy("certificates/centre.pem", paths.certificate)
        for fingerprint, one in stations.items():
            name = (one.identity.station or one.identity.role.value).replace("/", "-")
            self._put(f"certificates/stations/{name}-{fingerprint[:12]}.pem", one.to_pem())

    def _published(self, public: Path) -> None:
        chosen = [
            path
            for path in sorted((public / "versions").rglob("feed/*/*"))
            if path.name.removesuffix(".p7s") in _PUBLISHED
        ]
        chosen += sorted((public / "changes").glob("*.xml")) + sorted((public / "changes").glob("*.xml.p7s"))
        for path in chosen:
            if path.is_file():
                self._copy(f"published/{path.relative_to(public).as_posix()}", path)

    def _copy(self, name: str, source: Path) -> None:
        self._put(name, source.read_bytes())

    def _put(self, name: str, data: bytes) -> None:
        if _KEY in data:
            raise KnownError(
                "ROM-25",
                f"V souboru {name} je soukromý klíč. Balíček se nevytvořil; klíč odtud odstraňte a považujte "
                "ho za vyzrazený.",
                f"The file {name} holds a private key. No pack was made; take the key out, and take it for "
                "disclosed.",
            )
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self._sums[name] = hashlib.sha256(data).hexdigest()
        self._size += len(data)


def _rows(connection: Connection, table: Table) -> Iterator[Mapping[str, Any]]:
    first = list(table.c)[:2]
    result = connection.execution_options(yield_per=200).execute(select(table).order_by(*first))
    return (dict(row) for row in result.mappings())


def _settings(parts: Parts) -> str:
    """The settings as they hold; of a database on a server only that there is one."""
    told = {field.name: getattr(parts.settings, field.name) for field in fields(parts.settings)}
    if told["database"]:
        told["database"] = "(on a server)"
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in told.items())


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _compress(root: Path, target: Path) -> None:
    """The pack as one file; names begin with that of the pack."""
    inside = target.name.removesuffix(".tar.gz")
    part = target.with_name(f".{target.name}.gz.part")
    try:
        with tarfile.open(part, "w:gz", compresslevel=6) as archive:
            for path in _files(root):
                archive.add(path, f"{inside}/{path.relative_to(root).as_posix()}", filter=_nobodys)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


def _files(root: Path) -> Iterable[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Whose files they were on this machine is nobody's business."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o644
    return entry
