"""What a real centre published agrees; what somebody changed in it is named, even by who holds its key."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app import verify
from app.election.model import Contest
from app.verify.report import COUNTED
from tests.support.published_night import Night, open_night
from tests.verify.conftest import ELECTION, Published

ODATA = "appdata/zk2024/odata"
FEED = "feed/zk2024"


def test_a_whole_night_agrees_and_every_kind_of_value_was_looked_at(
    published: Published, night: Night
) -> None:
    report = published.verify()
    assert report.election == "zk2024"
    assert report.mode == "ZKOUSKA"
    assert report.version == int(published.version.name)
    assert report.signed
    assert report.notes == []
    assert {what for what in COUNTED if not report.counts[what]} <= {"acts"}
    standing = sum(len(found) for found in night.truth.values())
    assert report.counts["precincts"] == standing
    assert report.counts["changes"] == standing + 2
    said = re.findall(r'MANDATY="(\d+)"', (published.version / ODATA / "vysledky.xml").read_text("utf-8"))
    assert report.counts["seats"] == sum(map(int, said))


def test_every_version_that_is_kept_agrees_by_itself(published: Published) -> None:
    for folder in (published.folder / "versions").iterdir():
        assert published.verify(version=int(folder.name)).version == int(folder.name)


def test_before_the_first_result_there_is_nothing_but_zeros_and_they_agree(tmp_path: Path) -> None:
    with open_night(tmp_path, ELECTION) as night:
        night.centre.publisher.flush()
        report = verify.verify(verify.Folder(night.public), None, verify.Wanted(), verify.Report())
    assert report.counts["precincts"] == 0
    assert report.root == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert not report.signed
    assert "--ca" in report.notes[0][1]


# --- consistent lies: listed, hashed and signed ---------------------------------------------------------

LIES = {
    "a list's votes": (
        f"{ODATA}/vysledky.xml",
        r'(HODNOTY_STRANA HLASY=")([1-9])',
        r"\g<1>1\2",
        r"VER-40 .*KRZAST\[@CIS_KRZAST='\d+'\]/STRANA\[@KSTRANA='\d+'\]/HODNOTY_STRANA/@HLASY",
    ),
    "a percentage": (
        f"{ODATA}/vysledky.xml",
        r'(PROC_HLASU="\d+)\.(\d)\d"',
        r'\1.\g<2>x"',
        "VER-16",
    ),
    "turnout of the country": (
        f"{ODATA}/vysledky.xml",
        r'(<CR>\s*<UCAST [^>]*VYDANE_OBALKY=")(\d+)',
        r"\g<1>1\2",
        "VER-40 .*/VYSLEDKY/CR/UCAST/@VYDANE_OBALKY",
    ),
    "a seat": (f"{ODATA}/vysledky.xml", r'MANDATY="(\d+)"', r'MANDATY="9\1"', "VER-40 .*/@MANDATY"),
    "an elected councillor's name": (
        f"{ODATA}/vysledky.xml",
        r'(<ZASTUPITEL [^>]*PRIJMENI=")[^"]+',
        r"\1Nezvolený",
        "VER-40 .*ZASTUPITEL.*/@PRIJMENI",
    ),
    "a councillor who is left out": (
        f"{ODATA}/vysledky.xml",
        r"<ZASTUPITEL [^>]*/>",
        "",
        "VER-41 .*ZASTUPITEL",
    ),
    "a candidate's preferential votes": (
        f"{ODATA}/vysledky_kandid.xml",
        r'(PORCISLO="\d+" HLASY=")(\d)',
        r"\g<1>1\2",
        "VER-40 .*KANDIDAT.*/@HLASY",
    ),
    "a candidate that nobody voted for": (
        f"{ODATA}/vysledky_kandid.xml",
        r"</KANDIDATI>",
        '<KANDIDAT KSTRANA="99" PORCISLO="70" HLASY="1"/></KANDIDATI>',
        "VER-41 .*KANDIDAT",
    ),
    "the Senate's votes": (
        "senat/vysledky.xml",
        r'(HLASY_1KOLO=")([1-9])',
        r"\g<1>1\2",
        "VER-40 .*OBVOD.*KANDIDAT.*/@HLASY_1KOLO",
    ),
    "who was elected to the Senate": (
        "senat/vysledky.xml",
        'ZVOLEN_1KOLO="NEZVOLEN"',
        'ZVOLEN_1KOLO="ZVOLEN"',
        "VER-40 .*/@ZVOLEN_1KOLO",
    ),
    "a precinct in a batch": (
        f"{ODATA}/okrsky/vysledky_okrsky_00001.xml",
        r'(<UCAST_OKRSEK ZAPSANI_VOLICI=")(\d)',
        r"\g<1>1\2",
        "VER-40 .*OKRSEK.*/@ZAPSANI_VOLICI",
    ),
    "the order of processing": (
        f"{ODATA}/okrsky/vysledky_okrsky_00002.xml",
        r'PORADI_ZPRAC="(\d)"',
        r'PORADI_ZPRAC="9\1"',
        "VER-4[013] .*PORADI_ZPRAC",
    ),
    "the latest batch, not the last": (
        f"{ODATA}/okrsky/vysledky_okrsky.xml",
        r'(ZAPSANI_VOLICI=")(\d)',
        r"\g<1>1\2",
        "VER-43 .*vysledky_okrsky.xml: it is not the latest",
    ),
    "a precinct in a table": (
        f"{FEED}/csv/t6_00001.csv",
        r"(\r\n1;1;0;\d;\d+;\d+;\d+;\d;)(\d)",
        r"\g<1>1\2",
        r"VER-40 .*t6_00001.csv \[2\]/VOL_SEZNAM",
    ),
    "a control number of a sheet": (
        f"{FEED}/csv/t6p_00001.csv",
        r";(\d+)\r\n1;2;",
        r";9\1\r\n1;2;",
        r"VER-40 .*t6p_00001.csv \[\d+\]/KC_SUM",
    ),
    "a row of a Senate's table that is left out": (
        f"{FEED}/csv/t5_1_00001.csv",
        r"\r\n1;[^\r]*",
        "",
        r"VER-40 .*t5_1_00001.csv \[2\]",
    ),
    "a document made after its version": (
        f"{ODATA}/vysledky.xml",
        r'GENEROVANI="20',
        'GENEROVANI="21',
        "VER-23 .*DATUM_CAS_GENEROVANI",
    ),
    "a vote in the zero file": (f"{FEED}/zero.xml", 'HLASY="0"', 'HLASY="7"', "VER-16"),
    "a list's name in the zero file": (
        f"{FEED}/zero.xml", r'NAZ_STR="', r'NAZ_STR="Nová ', "VER-40 .*NAZ_STR"
    ),
    "the clause in the zero file": (f"{FEED}/zero.xml", 'KLAUZULE="1/20"', 'KLAUZULE="9/10"', "VER-4"),
    "a root that is another's": (
        f"{FEED}/checkpoint.xml",
        r'KOREN="(.)',
        lambda found: f'KOREN="{"1" if found[1] == "0" else "0"}',
        "VER-30 .*/@KOREN",
    ),
    "a checkpoint of fewer changes": (f"{FEED}/checkpoint.xml", r'VELIKOST="\d', r'VELIKOST="9', "VER-30"),
    "a rehearsal that calls itself live": (
        f"{FEED}/checkpoint.xml", 'REZIM="ZKOUSKA"', 'REZIM="OSTRY"', "VER-11 .*/@REZIM"
    ),
    "a state that is too early": (
        f"{FEED}/index.xml", 'STAV="UPLNE"', 'STAV="PRED_KONCEM"', "VER-40 .*/@STAV"
    ),
    "a pointer to nothing": (f"{FEED}/index.xml", "/zero.xml", "/none.xml", "VER-12 .*ODKAZ"),
}  # fmt: skip


def placed(published: Published, path: str) -> str:
    """The Senate's documents lie under its first day."""
    if not path.startswith("senat/"):
        return path
    (found,) = published.version.glob("appdata/senat/*/odata/vysledky.xml")
    return found.relative_to(published.version).as_posix()


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_that_is_listed_and_signed_is_named_by_its_place(published: Published, lie: str) -> None:
    path, pattern, replacement, words = LIES[lie]
    published.forger().lie(published.version, placed(published, path), pattern, replacement)  # type: ignore[arg-type]
    difference = published.difference()
    assert re.search(words, f"{difference.code} {difference.en}"), str(difference)
    assert difference.file in difference.cs


def test_the_said_and_the_recomputed_value_are_told(published: Published) -> None:
    path = published.version / ODATA / "vysledky.xml"
    voters = re.search(r'<CR>\s*<UCAST [^>]*ZAPSANI_VOLICI="(\d+)"', path.read_text("utf-8"))
    assert voters is not None
    published.forger().lie(
        published.version, f"{ODATA}/vysledky.xml", r'(<CR>\s*<UCAST [^>]*ZAPSANI_VOLICI=")(\d+)', r"\g<1>1"
    )
    difference = published.difference()
    assert (difference.said, difference.found) == ("1", voters[1])
    assert difference.place == "/VYSLEDKY/CR/UCAST/@ZAPSANI_VOLICI"


# --- the chain of changes -------------------------------------------------------------------------------

CHANGES = {
    "a protocol's text": (r"(>zapis:1 KZ \d+ \d+ \d+ 0 [01] )(\d)", r"\g<1>1\2", "VER-21 .*ZMENA.*/@OTISK"),
    "a hash": (r'( OTISK=")(.)', lambda m: m[1] + ("1" if m[2] == "0" else "0"), "VER-21 .*/@OTISK"),
    "what it replaces": (r'PREDCHOZI_OTISK=""', f'PREDCHOZI_OTISK="{"0" * 64}"', "VER-22"),
    "a number": (r'PORADI="(\d+)"', r'PORADI="9\1"', "VER-20 .*/@PORADI"),
    "where it begins": (r' OD="(\d+)"', r' OD="9\1"', "VER-20 .*/@OD"),
    "a publication before voting ended": (
        r'ZVEREJNENO="2024-09-21', 'ZVEREJNENO="2024-09-20', "VER-23 .*/@ZVEREJNENO"
    ),
    "the file before": (r'PREDCHOZI="(\d+)"', r'PREDCHOZI="1\1"', "VER-20 .*/@PREDCHOZI"),
    "a kind": ('TYP="PRVNI"', 'TYP="OPRAVA"', "VER-20 .*/@TYP"),
    "another precinct": (r' OBEC="(\d{5})\d"', r' OBEC="\g<1>0"', "VER-(20|24)"),
    "a time": (r'PREVZATO="20', 'PREVZATO="21', "VER-23 .*/@PREVZATO"),
    "a reason's precinct that votes elsewhere": (r"(zapis:1 KZ \d+ \d+ )\d{4}", r"\g<1>9999", "VER-21"),
}  # fmt: skip


def changes_of(published: Published) -> list[Path]:
    return sorted((published.folder / "changes").glob("*.xml"))


@pytest.mark.parametrize("lie", CHANGES)
def test_a_change_of_the_chain_is_named_by_file_and_item(published: Published, lie: str) -> None:
    pattern, replacement, words = CHANGES[lie]
    path = changes_of(published)[0]
    published.forger().change(path, lambda text: re.sub(pattern, replacement, text, count=1))  # type: ignore[arg-type]
    difference = published.difference()
    assert re.search(words, f"{difference.code} {difference.en}"), str(difference)
    assert difference.file == f"changes/{path.name}"


def test_a_reason_that_was_changed_is_only_the_signatures_business(published: Published) -> None:
    """DUVOD is in no leaf: the file's own signature keeps it."""
    path = changes_of(published)[0]
    path.write_bytes(path.read_bytes().replace(b'DUVOD=""', b'DUVOD="A"', 1))
    assert published.difference().code == "VER-10"


def test_a_number_that_the_tree_alone_keeps_is_found_by_the_root(published: Published) -> None:
    path = changes_of(published)[0]
    published.forger().change(path, lambda text: text.replace('REVIZE="1"', 'REVIZE="3"', 1))
    difference = published.difference()
    assert (difference.code, difference.place) == ("VER-30", "/KONTROLNI_BOD/@KOREN")


def test_changes_that_were_swapped_truncated_or_taken_away_are_named(published: Published) -> None:
    first, second, *_ = changes_of(published)
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    assert published.difference().file == f"changes/{first.name}"
    first.write_bytes(one[:-20])
    assert published.difference().file == f"changes/{first.name}"
    first.write_bytes(one)
    published.verify()
    second.unlink()
    assert second.name in str(published.difference())
    second.write_bytes(two)
    stranger = first.with_name("notes.txt")
    stranger.write_text("?")
    assert published.difference().file == "changes/notes.txt"


def test_two_changes_files_under_each_others_names_do_not_pass_with_their_signatures(
    published: Published,
) -> None:
    first, second, *_ = changes_of(published)
    for suffix in ("", ".p7s", ".gz", ".br"):
        one, two = (path.with_name(path.name + suffix) for path in (first, second))
        if one.exists() and two.exists():
            spare = one.with_name("spare")
            one.rename(spare)
            two.rename(one)
            spare.rename(two)
    difference = published.difference()
    assert (difference.code, difference.file) == ("VER-11", f"changes/{first.name}")


# --- files ---------------------------------------------------------------------------------------------


def test_a_file_that_is_gone_or_too_many_or_older_is_named(published: Published) -> None:
    version = published.version
    path = version / ODATA / "vysledky_kandid.xml"
    body = path.read_bytes()
    path.unlink()
    assert published.difference().code == "VER-12"
    older = sorted((published.folder / "versions").iterdir(), key=lambda each: int(each.name))[0]
    shutil.copy(older / ODATA / "vysledky_kandid.xml", path)
    difference = published.difference()
    assert difference.code == "VER-14"
    assert difference.file.endswith("vysledky_kandid.xml")
    path.write_bytes(body)
    (version / ODATA / "vysledky_2.xml").write_bytes(body)
    assert published.difference().code == "VER-13"
    (version / ODATA / "vysledky_2.xml").unlink()
    (published.folder / "notes.txt").write_text("?")
    assert published.difference().file == "notes.txt"


def test_a_document_that_is_listed_and_signed_but_belongs_to_nothing_is_named(published: Published) -> None:
    version = published.version
    extra = version / ODATA / "okresy" / "vysledky_okres_CZ9999.xml"
    for suffix in ("", ".gz", ".br"):
        shutil.copy(version / ODATA / f"vysledky.xml{suffix}", f"{extra}{suffix}")
    forger = published.forger()
    forger.seal(extra)
    entry = f'<SOUBOR CESTA="{ODATA}/okresy/vysledky_okres_CZ9999.xml" DELKA="1" SHA256="{"0" * 64}"/>'
    forger.change(version / FEED / "manifest.xml", lambda text: text.replace("<SOUBOR", f"{entry}<SOUBOR", 1))
    forger.list_again(version)
    assert published.difference().code == "VER-42"


def test_a_whole_version_of_an_older_time_cannot_be_current(published: Published) -> None:
    older = min(int(each.name) for each in (published.folder / "versions").iterdir())
    (published.folder / "current").unlink()
    (published.folder / "current").symlink_to(Path("versions", str(older)))
    assert published.difference().code == "VER-20"


def test_a_copy_that_followed_the_link_is_read_in_both_places(published: Published) -> None:
    version = published.version
    (published.folder / "current").unlink()
    shutil.copytree(version, published.folder / "current")
    published.verify()
    path = published.folder / "current" / ODATA / "vysledky.xml"
    path.write_bytes(path.read_bytes() + b"\n")
    difference = published.difference()
    assert (difference.code, difference.file) == ("VER-14", f"current/{ODATA}/vysledky.xml")


def test_a_compressed_variant_that_unpacks_right_but_was_packed_otherwise_is_named(
    published: Published,
) -> None:
    import gzip

    path = published.version / ODATA / "vysledky.xml"
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes(), 1, mtime=0))
    difference = published.difference()
    assert (difference.code, difference.file) == (
        "VER-15", packed.relative_to(published.folder).as_posix()
    )  # fmt: skip


def test_variants_that_another_library_packed_are_only_unpacked_and_the_report_says_so(
    published: Published,
) -> None:
    import gzip

    for packed in published.folder.rglob("*.gz"):
        body = packed.with_name(packed.name[:-3]).read_bytes()
        packed.write_bytes(gzip.compress(body, 9, mtime=1))
    report = published.verify()
    assert ".gz" in report.notes[0][1]


def test_a_signature_of_another_role_or_authority_does_not_count(
    published: Published, tmp_path: Path
) -> None:
    from app.trust.identity import Role
    from tests.support.resealing import Forger

    path = published.version / ODATA / "vysledky.xml"
    Forger(published.house, Role.REFERENCE).seal(path)
    difference = published.difference()
    assert difference.code == "VER-10"
    assert difference.file.endswith("vysledky.xml.p7s")


def test_a_version_that_is_not_there_is_no_difference_but_unreadable(published: Published) -> None:
    with pytest.raises(verify.Unreadable, match="VER-03"):
        published.verify(version=9999)


def test_the_reader_shares_nothing_with_the_centre() -> None:
    """It runs where the centre, the stations and the documents' writers are not even installed."""
    code = (
        "import sys\n"
        "for name in ('app.central', 'app.station', 'app.rehearsal', 'app.documents.results',"
        " 'app.documents.feed', 'sqlalchemy', 'starlette'):\n"
        "    sys.modules[name] = None\n"
        "import app.verify, app.commands.verify\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_both_contests_are_verified(night: Night) -> None:
    assert set(night.truth) == {Contest.REGIONAL, Contest.SENATE_ROUND_1}
