"""The Senate's published results against the official ones, value by value.

Compared is the whole of `vysledky`: every candidate and turnout of every district, and of all; and each
`vysledky_obce_obvod_{N}` that the official side has. An official document tells both rounds; for a night of
round 1 what it says of round 2 is left out.
"""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from app.documents.compare import Comparison, Published, compare_elements, missing

_LAYOUTS = (
    *(".", "odata", "appdata/senat/*/odata", "current/appdata/senat/*/odata"),
    *("public/current/appdata/senat/*/odata", "versions/*/appdata/senat/*/odata"),
)
_NAME = "vysledky"
_DISTRICT = "vysledky_obce_obvod_"
_OF_ROUND_2 = ("HLASY_2KOLO", "HLASY_PROC_2KOLO", "ZVOLEN_2KOLO")


def compare_senate(ours: Path, official: Path, round_: int) -> Comparison:
    """Compare two folders after round `round_`. Raises KnownError as `app.documents.compare.compare`."""
    left, right, result = Published(ours, _LAYOUTS), Published(official, _LAYOUTS), Comparison()
    _compare(result, _NAME, left, right, round_)
    folder = right.folder / "obvody"
    found = (
        sorted(path.name.partition(".")[0] for path in folder.glob(f"{_DISTRICT}*"))
        if folder.is_dir()
        else []
    )
    for name in found:
        _compare(result, f"obvody/{name}", left, right, round_)
    if not found:
        result.not_compared.append(_DISTRICT.rstrip("_"))
    return result


def _compare(result: Comparison, name: str, left: Published, right: Published, round_: int) -> None:
    mine, theirs = left.document(name), right.document(name)
    if mine is None or theirs is None:
        missing(result, name, mine, theirs)
        return
    if round_ == 1:
        _forget_round_2(theirs)
    result.documents.append(name)
    compare_elements(result, name, "", mine, theirs)


def _forget_round_2(root: etree._Element) -> None:
    for element in list(root.iter(etree.Element)):
        for attribute in _OF_ROUND_2:
            if attribute in element.attrib:
                del element.attrib[attribute]
        above = element.getparent()
        if element.get("KOLO") == "2" and above is not None:
            above.remove(element)
