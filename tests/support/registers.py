"""A folder of invented registers, written in any of the shapes in which the office has published them."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Table = tuple[Sequence[str], Sequence[Sequence[object]]]
Shape = Callable[[str, Table], tuple[str, bytes]]

REGISTERS: Mapping[str, Table] = {
    "kzciskr": (("KRZAST", "NAZEVKRZ", "MANDATYKRZ", "KRAJ"), [(1, "Severní", 5, 100), (2, "Jižní", 7, 200)]),
    "cnumnuts": (
        ("NUMNUTS", "NUTS", "NAZEVNUTS"),
        [
            (1199, "CZ0100", "Praha"),
            (4100, "CZ041", "Kraj"),
            (4101, "CZ0411", "Horní"),
            (3101, "CZ0311", "Lesní"),
        ],
    ),
    "kzcoco": (
        (
            *("OKRES", "CPOU", "OBEC", "NAZEVOBCE", "KRZAST"),
            *("MINOKRSEK1", "MAXOKRSEK1", "OBEC_PREZ"),
        ),
        [
            (4101, 41, 550001, "Horní Lhota & Dvůr", 1, 1, 2, 550001),
            (4101, 41, 550011, "Plzeň 1", 1, 1001, 1002, 554791),
            (4101, 42, 550012, "Plzeň 2", 1, 2001, 2001, 554791),
            (3101, 43, 550002, "Lesná", 2, 0, 1, 550002),
        ],
    ),
    "kzrkl": (
        ("KRZAST", "KSTRANA", "VSTRANA", "NAZEVCELK", "ZKRATKAK30", "STAVREG", "PLAT_STR"),
        [
            (1, 2, 53, "Občanská jednota, z. s.", "Občanská  jednota", 0, "A"),
            (1, 7, 715, "Strana zelených - ZA ZVÍŘATA", "Strana zelených", 0, "A"),
            (1, 9, 60, "Odstoupivší", "Odstoupivší", 1, "A"),
            (2, 2, 53, "Občanská jednota, z. s.", "Občanská  jednota", 0, "A"),
        ],
    ),
    "cvs": (
        ("VSTRANA", "NAZEVCELK", "ZKRATKAV30", "ZKRATKA_OF"),
        [
            (53, "Občanská jednota, z. s.", "Občanská  jednota", "OJ"),
            (60, "Odstoupivší", "Odstoupivší", ""),
            (715, "Strana zelených - ZA ZVÍŘATA", "Strana zelených", "SZ - ZA ZVÍŘATA"),
        ],
    ),
    "kzrk": (
        (
            "KRZAST",
            "KSTRANA",
            "PORCISLO",
            "JMENO",
            "PRIJMENI",
            "TITULPRED",
            "TITULZA",
            "POVOLANI",
            "PLATNOST",
        ),
        [
            (1, 2, 1, "Žofie", "Ťoková", "Mgr.", "Ph.D.", 'stavitelka, „ž“; "x"', "A"),
            (1, 2, 2, "Jan", "Vlk", "", "", "", "N"),
            (1, 7, 1, "Eva", "Nová", "", "", "", "A"),
            (1, 9, 1, "Karel", "Pryč", "", "", "", "A"),
            (2, 2, 1, "Petr", "Dub", "", "", "", "A"),
        ],
    ),
    "secobv": (("OBVOD", "NAZEV_OBV"), [(2, "Lhotsko"), (3, "Jinde")]),
    "secoco": (
        (
            *("OKRES", "CPOU", "OBEC", "NAZEVOBCE", "OBVOD", "MINOKRSEK1", "MAXOKRSEK1"),
            *("MINOKRSEK2", "MAXOKRSEK2", "MINOKRSE10", "MAXOKRSE10", "OBEC_PREZ"),
        ),
        [
            (4101, 41, 550001, "Horní Lhota & Dvůr", 2, 2, 2, 0, 0, 0, 0, 550001),
            (1100, 44, 500054, "Praha 1", 2, 1, 1, 5, 6, 9, 9, 500054),
        ],
    ),
    "serk": (
        (
            *("OBVOD", "CKAND", "VSTRANA", "JMENO", "PRIJMENI", "TITULPRED", "TITULZA"),
            *("PLATNOST", "ZVOLEN_K1"),
        ),
        [
            (2, 1, 53, "Ida", "Malá", "", "CSc.", 0, 2),
            (2, 2, 60, "Ota", "Král", "", "", 2, 0),
            (2, 3, 7, "Ivo", "Čáp", "", "", "A", 2),
        ],
    ),
}


def as_csv(separator: str, *, quoted: bool = False, encoding: str = "utf-8", end: str = "\r\n") -> Shape:
    def shape(name: str, table: Table) -> tuple[str, bytes]:
        text = io.StringIO(newline="")
        quoting = csv.QUOTE_NONNUMERIC if quoted else csv.QUOTE_MINIMAL
        writer = csv.writer(text, delimiter=separator, quoting=quoting, lineterminator=end)
        writer.writerow(table[0])
        writer.writerows(table[1])
        return f"{name}.csv" if separator != "\t" else f"{name}.tsv", text.getvalue().encode(encoding)

    return shape


def as_xml(encoding: str) -> Shape:
    def shape(name: str, table: Table) -> tuple[str, bytes]:
        rows = "".join(
            "<R>"
            + "".join(f"<{c}>{escape(str(v))}</{c}>" for c, v in zip(table[0], row, strict=True))
            + "</R>\n"
            for row in table[1]
        )
        text = f'<?xml version="1.0" encoding="{encoding}"?>\n<X xmlns="http://www.volby.cz/kz/">{rows}</X>'
        return f"{name}.xml", text.encode({"windows-1250": "cp1250"}.get(encoding, encoding))

    return shape


def packed(shape: Shape) -> Shape:
    def pack(name: str, table: Table) -> tuple[str, bytes]:
        file, data = shape(name, table)
        return f"{file}.gz", gzip.compress(data)

    return pack


SHAPES: Mapping[str, Shape] = {
    "XML in windows-1250": as_xml("windows-1250"),
    "XML in UTF-8, packed": packed(as_xml("utf-8")),
    "commas": as_csv(","),
    "semicolons, quoted, with a BOM, packed": packed(as_csv(";", quoted=True, encoding="utf-8-sig")),
    "tabs": as_csv("\t", end="\n"),
    "commas in windows-1250": as_csv(",", encoding="cp1250"),
}


def write_registers(
    folder: Path, shape: Shape, tables: Mapping[str, Table] = REGISTERS, without: Sequence[str] = ()
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        if name not in without:
            file, data = shape(name, table)
            (folder / file).write_bytes(data)
    return folder
