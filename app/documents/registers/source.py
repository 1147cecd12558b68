"""Rows of a register, whatever shape the office gave them this time.

The same register has been published as XML in windows-1250, as XML in UTF-8, as CSV with commas or
semicolons, quoted or not, and as a tab-separated table, packed by gzip or not. Here a folder is
searched for a register by its stem (`kzcoco`), and its rows come out as dictionaries of text by
the official column names. Nothing here knows what a column means.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lxml import etree

from app.documents import xml_gates
from app.election.errors import KnownError

Row = dict[str, str]

#: A register or a table of a whole election is at most this long, unpacked (T6p of 2016: 25 MB a region).
MAX_BYTES = 512 * 1024 * 1024
_SUFFIXES = (".csv", ".xml", ".tsv", ".txt")
_ENCODINGS = ("utf-8-sig", "cp1250")


class RegisterError(KnownError):
    """A register that is missing, cannot be read, or contradicts itself."""


def find(folders: Sequence[Path], *stems: str) -> Path | None:
    """The first file among `folders` whose name begins with one of `stems`; earlier stems win.

    `secoco` finds `secoco.xml`, `secoco-2016.xml.gz` and `SECOCO.CSV`, never `secocox.xml`.
    """
    for stem in stems:
        for folder in folders:
            found = [path for path in _files(folder) if _is_named(path.name.lower(), stem)]
            if found:
                return min(found, key=lambda path: (len(path.name), path.name))
    return None


def find_all(folders: Sequence[Path], stem: str) -> tuple[Path, ...]:
    """Every file of one kind that may be published in parts, such as `kzt6p-3.csv.gz`, in order of name."""
    return tuple(
        path for folder in folders for path in sorted(_files(folder)) if _is_named(path.name.lower(), stem)
    )


def need(folders: Sequence[Path], *stems: str) -> Path:
    """As `find`, for a register without which nothing can be built."""
    path = find(folders, *stems)
    if path is None:
        where = ", ".join(str(folder) for folder in folders)
        names = " / ".join(stems)
        raise RegisterError(
            "REG-01",
            f"Ve složce {where} chybí číselník {names}. Doplňte ho z otevřených dat ČSÚ.",
            f"The folder {where} lacks the register {names}. Add it from the office's open data.",
        )
    return path


def rows(path: Path) -> Iterable[Row]:
    """The rows of one register by column name, in the file's order; values without outer blanks."""
    data = unpacked(path)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _xml_rows(xml_root(path, data))
    columns, lines = _table(path, data)
    return (dict(zip(columns, map(str.strip, line), strict=False)) for line in lines)


def unpacked(path: Path) -> bytes:
    """A file's bytes, unpacked when it is gzip (by its first bytes, not by its name)."""
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(data)) as stream:
                data = stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise RegisterError(
            "REG-02",
            f"Soubor {path} nelze přečíst. Zkontrolujte, že je celý, a zkopírujte ho znovu.",
            f"The file {path} cannot be read ({error}). See that it is whole and copy it again.",
        ) from error
    if len(data) > MAX_BYTES:
        raise RegisterError(
            "REG-03",
            f"Soubor {path} je větší, než smí být ({MAX_BYTES // 2**20} MB).",
            f"The file {path} is larger than allowed ({MAX_BYTES // 2**20} MB).",
        )
    return data


def cells(path: Path) -> tuple[list[str], Iterator[list[str]]]:
    """A big table as its column names and its rows of text, without a dictionary for each row."""
    return _table(path, unpacked(path))


def _table(path: Path, data: bytes) -> tuple[list[str], Iterator[list[str]]]:
    """Column names and rows of a table: the separator is the one that the first line uses most."""
    text = _decoded(path, data)
    head = text[: text.find("\n") + 1] or text
    separator = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    columns = [name.strip().upper() for name in next(reader, [])]
    if not any(columns):
        raise RegisterError(
            "REG-04",
            f"Soubor {path} je prázdný nebo nemá hlavičku se jmény sloupců.",
            f"The file {path} is empty or has no header with column names.",
        )
    return columns, (row for row in reader if any(row))


def xml_root(path: Path, data: bytes) -> etree._Element:
    """The root of a public document of the office, without comments, in any encoding it is published in.

    No schema is at hand for these; otherwise the gates are those of `app.documents.xml`.
    """
    text = xml_gates.decoded(data, strict=False)
    xml_gates.check_constructs(text, signed=False)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise RegisterError(
            "REG-11",
            f"Soubor {path} není platné XML (řádek {error.lineno}). Zkopírujte ho znovu.",
            f"The file {path} is not well-formed XML ({error}). Copy it again.",
        ) from error


def _xml_rows(root: etree._Element) -> Iterable[Row]:
    """Rows of a register in XML: each child of the root is a row, each of its children a column."""
    for row in root:
        yield {etree.QName(column).localname: (column.text or "").strip() for column in row}


def number(row: Row, column: str, path: Path) -> int:
    """A whole number of one column; what is not a number names file, column and value."""
    value = row.get(column, "")
    try:
        return int(value)
    except ValueError:
        raise RegisterError(
            "REG-05",
            f"V číselníku {path.name} je ve sloupci {column} místo čísla „{value}“ (řádek {_brief(row)}).",
            f"The register {path.name} has “{value}” instead of a number in {column} (row {_brief(row)}).",
        ) from None


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise RegisterError(
            "REG-06",
            f"Složka {folder} neexistuje. Zadejte složku s rozbalenými číselníky.",
            f"There is no folder {folder}. Give the folder with the unpacked registers.",
        )
    return [path for path in folder.iterdir() if path.is_file()]


def _is_named(name: str, stem: str) -> bool:
    name = name.removesuffix(".gz")
    if not name.startswith(stem) or not name.endswith(_SUFFIXES):
        return False
    rest = name[len(stem) : name.rfind(".")]
    return not rest or rest[0] in "-_. " or rest[0].isdigit()


def _decoded(path: Path, data: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RegisterError(
        "REG-07",
        f"Soubor {path} není text v kódování UTF-8 ani windows-1250.",
        f"The file {path} is text neither in UTF-8 nor in windows-1250.",
    )


def _brief(row: Row) -> str:
    return ", ".join(f"{name}={value}" for name, value in list(row.items())[:5])
