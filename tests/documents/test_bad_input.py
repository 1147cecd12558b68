"""Whatever lies on a stick, the clerk gets one clear sentence: each kind of bad file by its code."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import resources
from app.documents import batch, protocol_file, receipt, xml
from app.documents.batch import BatchItem
from app.documents.document_errors import DOC_CODES, DocumentError, size_texts
from app.documents.intake_formats import ADAPTERS, Adapter, recognise
from app.election.model import Mode
from tests.support import readings as made
from tests.support.refusals import refused

GOOD = protocol_file.write([made.REGIONAL, made.SENATE], made.ELECTION, Mode.REHEARSAL)
TEXT = GOOD.decode()
BATCH = batch.write(made.batch_of(BatchItem(made.REGIONAL, made.acceptance())))
ROOT = '<ZAPISY xmlns="urn:prebirka:zapisy:1" VERZE="1" VOLBY="kz2024" REZIM="ZKOUSKA">'

BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>\n"
    + ROOT
    + "&i;</ZAPISY>"
).encode()
EXTERNAL = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{ROOT}&e;</ZAPISY>'.encode()


def changed(old: str, new: str) -> bytes:
    assert old in TEXT
    return TEXT.replace(old, new, 1).encode()


#: What is wrong, the bytes, the code, and a piece of the Czech sentence that must be there.
BAD = [
    ("empty", b"", "DOC-06", "Soubor je prázdný."),
    ("blank", b" \r\n\t ", "DOC-06", "Soubor je prázdný."),
    ("only a byte order mark", b"\xef\xbb\xbf", "DOC-06", "Soubor je prázdný."),
    ("zeros left by a stick removed too early", b"\0" * 5000, "DOC-06", "Soubor je prázdný."),
    ("zip", b"PK\x03\x04" + b"x" * 100, "DOC-07", "archiv ZIP nebo dokument Office"),
    ("pdf", b"%PDF-1.7 ...", "DOC-07", "dokument PDF"),
    ("photograph", b"\xff\xd8\xff\xe0....", "DOC-07", "fotografie JPEG"),
    ("signed batch", b"0\x82\x01\x02....", "DOC-07", "podepsaný soubor CMS"),
    ("csv", b"OBEC,OKRSEK\n506737,1\n", "DOC-07", "prostý text"),
    ("json", b'{"OBEC": 506737}', "DOC-07", "prostý text"),
    ("html", b"<!DOCTYPE html><html><body>404</body></html>", "DOC-07", "webová stránka (HTML)"),
    ("html in capitals", b"\n<HTML><HEAD>", "DOC-07", "webová stránka (HTML)"),
    ("xhtml", b'<?xml version="1.0"?>\n<!-- saved -->\n<html xmlns="x"/>', "DOC-07", "webová stránka (HTML)"),
    ("unknown encoding", TEXT.replace("UTF-8", "EBCDIC-CP-BE").encode(), "DOC-08", "„EBCDIC-CP-BE“"),
    ("utf-7", TEXT.replace("UTF-8", "UTF-7").encode(), "DOC-08", "„UTF-7“"),
    ("utf-32", TEXT.encode("utf-32"), "DOC-08", "„UTF-32“"),
    ("8-bit text that says utf-16", TEXT.replace("UTF-8", "UTF-16").encode(), "DOC-08", "„UTF-16“"),
    (
        "mark against declaration",
        b"\xef\xbb\xbf" + TEXT.replace("UTF-8", "windows-1250").encode(),
        "DOC-08",
        "„windows-1250“",
    ),
    (
        "windows-1250 that says utf-8", changed('VZOR="1"', 'VZOR="Příliš"').decode().encode("cp1250"),
        "DOC-09", "(řádek 3, sloupec 12)",
    ),
    ("half a character", GOOD[:200] + b"\xc5", "DOC-10", "Soubor není celý"),
    ("odd half of utf-16", TEXT.encode("utf-16")[:-1], "DOC-10", "Soubor není celý"),
    ("truncated in the declaration", GOOD[:20], "DOC-10", "(řádek 1, sloupec 21)"),
    ("truncated in a tag", GOOD[:300], "DOC-10", "Soubor není celý"),
    ("truncated after a protocol", GOOD[: GOOD.index(b"</ZAPISY>")], "DOC-10", "Soubor není celý"),
    ("truncated by one byte", GOOD.rstrip()[:-1], "DOC-10", "Soubor není celý"),
    ("zeros at the end", GOOD[:400] + b"\0" * 112, "DOC-10", "Soubor není celý"),
    ("crossed tags", changed("</T6>", "</T5>"), "DOC-11", "značky prvků nejsou správně uzavřeny (řádek 5"),
    ("a value twice", changed('KC_1="1"', 'KC_1="1" KC_1="2"'), "DOC-11", "uveden dvakrát (řádek 3"),
    ("unknown entity", changed('KC_1="1"', 'KC_1="&nbsp;"'), "DOC-11", "neznámou entitu (řádek 3"),
    ("control character", changed('KC_1="1"', 'KC_1="\x01"'), "DOC-11", "nedovolený znak"),
    ("two documents", GOOD + GOOD, "DOC-11", "správné XML"),
    ("something after the end", GOOD + b"<a/>", "DOC-11", "za koncem"),
    ("unquoted value", changed('KC_1="1"', "KC_1=1"), "DOC-11", "není to správné XML (řádek 3, sloupec"),
    ("entity bomb", BOMB, "DOC-12", "(řádek 2, sloupec 1)"),
    ("external entity", EXTERNAL, "DOC-12", "DOCTYPE nebo ENTITY"),
    ("external entity in utf-16", EXTERNAL.decode().encode("utf-16"), "DOC-12", "DOCTYPE nebo ENTITY"),
    ("harmless document type", f"<!DOCTYPE ZAPISY>{ROOT}</ZAPISY>".encode(), "DOC-12", "DOCTYPE nebo ENTITY"),
    ("deep", ROOT.encode() + b"<a>" * 5000 + b"</a>" * 5000 + b"</ZAPISY>", "DOC-14", "příliš složitý"),
    ("foreign namespace", changed("urn:prebirka:zapisy:1", "urn:x"), "DOC-15", "v cizím jmenném prostoru"),
    (
        "a namespace with braces", b'<ZAPISY xmlns="{urn:x}ZAPISY"><ZAPISY xmlns="x"/></ZAPISY>',
        "DOC-15", "v cizím jmenném prostoru",
    ),
    ("no namespace", changed(' xmlns="urn:prebirka:zapisy:1"', ""), "DOC-15", "v cizím jmenném prostoru"),
    ("a batch", BATCH, "DOC-15", "Toto je dávka ze stanice, očekává se soubor se zápisy."),
    ("results", b'<VYSLEDKY xmlns="http://www.w3.org/namespace/"/>', "DOC-15", "Toto je dokument s výsledky"),
    ("anything else", b"<faktura/>", "DOC-15", "jiný dokument (faktura)"),
    ("a later namespace", changed("zapisy:1", "zapisy:2"), "DOC-16", "verzi „2“"),
    ("a later version", changed('VERZE="1"', 'VERZE="7"'), "DOC-16", "verzi „7“"),
    (
        "no protocol", f"{ROOT}</ZAPISY>".encode(),
        "DOC-26", "V prvku ZAPISY chybí vnořený prvek T6, T5 (řádek 1",
    ),
    ("foreign element", changed("<STRANA", "<KANDIDAT/><STRANA"), "DOC-20", "KANDIDAT na toto místo nepatří"),
    ("sheet outside", changed("<T5", "<STRANA/><T5"), "DOC-20", "STRANA na toto místo nepatří"),
    (
        "no municipality", changed(' OBEC="506737"', ""),
        "DOC-21", "V prvku T6 chybí povinný údaj OBEC (řádek 3",
    ),
    ("no round", changed(' KOLO="1"', ""), "DOC-21", "V prvku T5 chybí povinný údaj KOLO (řádek 6"),
    (
        "no election", changed(' VOLBY="kz2024"', ""),
        "DOC-21", "V prvku ZAPISY chybí povinný údaj VOLBY (řádek 2",
    ),
    ("unknown value", changed('KC_1="1"', 'KC_1="1" KC_9="1"'), "DOC-22", "neznámý údaj KC_9 (řádek 3"),
    (
        "box 71", changed("HLASY_43", "HLASY_71"),
        "DOC-22", "Prvek STRANA obsahuje neznámý údaj HLASY_71 (řádek 4",
    ),
    ("box 23 of T/5", changed("HLASY_02=", "HLASY_23="), "DOC-22", "neznámý údaj HLASY_23 (řádek 6"),
    (
        "letters", changed('VOL_SEZNAM="400"', 'VOL_SEZNAM="4OO"'),
        "DOC-23", "VOL_SEZNAM v prvku T6 nemůže mít hodnotu „4OO“ (řádek 3, sloupec 95)",
    ),
    (
        "decimal", changed('HLASY_01="2"', 'HLASY_01="2.0"'),
        "DOC-23", "HLASY_01 v prvku STRANA nemůže mít hodnotu „2.0“",
    ),
    ("foreign digits", changed('HLASY_01="2"', 'HLASY_01="٢"'), "DOC-23", "HLASY_01"),
    ("spaces", changed('HLASY_01="2"', 'HLASY_01=" 2"'), "DOC-23", "HLASY_01"),
    ("ten digits", changed('HLASY_01="2"', 'HLASY_01="1234567890"'), "DOC-23", "HLASY_01"),
    ("very long value", changed('HLASY_01="2"', f'HLASY_01="{"9" * 99_999}"'), "DOC-23", "9…“"),
    ("third round", changed('KOLO="1"', 'KOLO="3"'), "DOC-23", "KOLO v prvku T5 nemůže mít hodnotu „3“"),
    (
        "unknown mode", changed("ZKOUSKA", "POKUS"),
        "DOC-23", "REZIM v prvku ZAPISY nemůže mít hodnotu „POKUS“",
    ),
    (
        "wrong type of sheet", changed('<STRANA TYP_FORM="2"', '<STRANA TYP_FORM="3"'),
        "DOC-23", "TYP_FORM v prvku STRANA",
    ),
    ("text", changed("<STRANA", "dobrý den<STRANA"), "DOC-24", "V prvku T6 je text"),
    (
        "text in an empty element", changed('KC_SUM="510000"/>', 'KC_SUM="510000">x</T5>'),
        "DOC-24", "V prvku T5 je text",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code", "piece"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_protocol_file_is_refused_with_its_code_and_sentence(
    data: bytes, code: str, piece: str
) -> None:
    error = refused(data)
    assert (error.code, piece in error.cs) == (code, True), error.cs
    assert "{" not in error.cs + error.en
    assert error.en


def test_every_code_of_the_table_but_those_of_media_and_writing_has_its_bad_file() -> None:
    elsewhere = {
        "DOC-01",
        "DOC-02",
        "DOC-03",
        "DOC-04",
        "DOC-05",
        "DOC-13",
        "DOC-17",
        "DOC-25",
        "DOC-30",
        "DOC-40",
    }
    assert {row[2] for row in BAD} | elsewhere == set(DOC_CODES)


def test_the_codes_are_stable() -> None:
    numbers = [*range(1, 18), *range(20, 27), 30, 40]
    assert list(DOC_CODES) == [f"DOC-{number:02d}" for number in numbers]


def test_an_error_knows_its_line_column_element_and_attribute() -> None:
    error = refused(changed('OKRSEK="1"', 'OKRSEK="první"'))
    lines = changed('OKRSEK="1"', 'OKRSEK="první"').decode().split("\n")
    assert (error.element, error.attribute, error.line) == ("T6", "OKRSEK", 3)
    assert lines[error.line - 1][error.column - 1 :].startswith('OKRSEK="první"')
    assert error.detail  # the library's own words, for a technician


def test_the_fault_is_found_in_the_right_one_of_many_alike_elements() -> None:
    sheet = TEXT[TEXT.index("<STRANA") : TEXT.index("</T6>")]
    third = sheet.replace('KC_2="197"', 'KC_2="x"')
    for text in (
        changed(sheet, f"{sheet}<!-- <STRANA> -->\n{sheet}{third}{sheet}").decode(),
        # the same with a prefix, which the library's paths name differently
        changed(sheet, sheet + "\n\n" + sheet + third + sheet).decode(),
    ):
        error = refused(text.encode())
        assert error.line == 1 + text[: text.index('KC_2="x"')].count("\n")
        assert text.split("\n")[error.line - 1][error.column - 1 :].startswith('KC_2="x"')


def test_a_prefix_for_the_namespace_is_as_good_as_none() -> None:
    prefixed = (
        TEXT.replace("xmlns=", "xmlns:z=").replace("</", "</z:").replace("<T", "<z:T").replace("<S", "<z:S")
        .replace("<Z", "<z:Z")
    )  # fmt: skip
    assert protocol_file.read(prefixed.encode()) == protocol_file.read(GOOD)
    error = refused(prefixed.replace('OBVOD="80"', 'OBVOD="osmdesát"').encode())
    assert (error.code, error.element, error.line) == ("DOC-23", "T5", 6)


ENCODED = [
    GOOD,
    b"\xef\xbb\xbf" + GOOD,
    TEXT.replace("UTF-8", "utf-8").encode(),
    TEXT.replace(' encoding="UTF-8"', "").encode(),
    TEXT.partition("\n")[2].encode(),
    TEXT.replace("UTF-8", "windows-1250").encode("cp1250"),
    TEXT.replace("UTF-8", "ISO-8859-2").encode("iso8859-2"),
    TEXT.replace("UTF-8", "UTF-16").encode("utf-16"),
    TEXT.replace("UTF-8", "UTF-16").encode("utf-16-le"),
    TEXT.replace("UTF-8", "UTF-16LE").encode("utf-16-le"),
    TEXT.replace("UTF-8", "UTF-16").encode("utf-16-be"),
    GOOD.replace(b"\n", b"\r\n"),
    TEXT.replace('"', "'").encode(),
    changed("<T5", "<!-- výpočet & kontrola <T9> --><?tisk ano?><T5"),
]


@pytest.mark.parametrize("data", ENCODED, ids=range(len(ENCODED)))
def test_a_protocol_file_may_come_in_any_usual_encoding_with_or_without_a_mark(data: bytes) -> None:
    assert protocol_file.read(data) == protocol_file.read(GOOD)


def test_a_comment_that_speaks_czech_in_windows_1250_is_read_over() -> None:
    data = changed("<T5", "<!-- Příliš žluťoučký kůň -->\n<T5").decode().replace("UTF-8", "windows-1250")
    assert protocol_file.read(data.encode("cp1250")) == protocol_file.read(GOOD)


def test_a_file_is_refused_by_its_size_before_it_is_read() -> None:
    error = refused(b"<" * 5_000_001)
    assert (error.code, error.cs.partition(".")[0]) == (
        "DOC-05",
        "Soubor má 5,1 MB, přijmout lze nejvýše 5 MB",
    )


@pytest.mark.parametrize(
    ("size", "upwards", "text"),
    [
        (200_000_000, True, "200 MB"),
        (5_000_001, True, "5,1 MB"),
        (1_999, False, "1,9 kB"),
        (999, True, "1 kB"),
    ],
)
def test_sizes_are_told_in_the_czech_way(size: int, upwards: bool, text: str) -> None:
    assert size_texts(size, upwards=upwards)[0] == text


# --- formats -----------------------------------------------------------------------------------------


def test_a_file_is_recognised_by_the_first_adapter_that_knows_it() -> None:
    found = protocol_file.ProtocolFile("kz2024", None, (made.SENATE,), "jiny")
    other = Adapter("jiny", lambda head: head.startswith(b"JINY"), lambda _: found, 10)
    assert recognise(b"JINY", (other, *ADAPTERS)) is found
    assert recognise(GOOD, (other, *ADAPTERS)).format == "zapisy-1"
    for data, code in ((b"JINY" * 3, "DOC-05"), (b"<x/>", "DOC-17")):
        with pytest.raises(DocumentError) as caught:
            recognise(data, (other,))
        assert caught.value.code == code


# --- whatever comes ----------------------------------------------------------------------------------


HOSTILE = {
    "open comments": b"<!--" * 1_200_000,
    "closed comments": b"<!---->" * 700_000,
    "comments before the beginning": b"<!---->" * 9_000 + b"<a",
    "instructions": b"<?a?>" * 900_000,
    "angles": b"<" * 4_900_000,
    "quotes": b"<a " + b'"' * 4_900_000,
    "spaces": b"<a" + b" " * 4_900_000,
    "tags": ROOT.encode() + b"<T6/>" * 900_000 + b"</ZAPISY>",
    "attributes": ROOT.encode()
    + b"<T6 "
    + b" ".join(b"a%d='1'" % n for n in range(400_000))
    + b"/></ZAPISY>",
    "open tags": b"<a>" * 9_000,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_file_made_to_exhaust_the_reader_is_refused_at_once(data: bytes) -> None:
    assert refused(data).code in {"DOC-10", "DOC-14"}


@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_at_all_make_the_reader_fail_otherwise_than_by_refusal(data: bytes) -> None:
    for read in (protocol_file.read, batch.read, receipt.read):
        refused(data, read)


@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_a_protocol_file_mutated_anywhere_is_read_or_refused_with_a_known_code(
    at: int, put: bytes, removed: int
) -> None:
    codes = {"read"}
    try:
        protocol_file.read(GOOD[:at] + put + GOOD[at + removed :])
    except DocumentError as error:
        codes = {error.code}
    assert codes <= {"read", *DOC_CODES}


@given(st.integers(0, len(GOOD.rstrip()) - 1))
def test_a_file_cut_anywhere_is_called_cut_or_empty(length: int) -> None:
    code = refused(GOOD[:length]).code
    assert code == ("DOC-10" if length else "DOC-06")


def test_a_schema_includes_files_of_our_own_folder_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "venku.xsd").write_text('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>')
    monkeypatch.setattr("app.resources.path", lambda *parts: tmp_path.joinpath(*parts))
    for number, place in enumerate(("../venku.xsd", "http://localhost/venku.xsd", "", "/etc/passwd")):
        (tmp_path / "schemas" / f"{number}.xsd").write_text(
            '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x">'
            f'<xs:include schemaLocation="{place}"/><xs:element name="A"/></xs:schema>'
        )
        with pytest.raises(ValueError, match="beside it"):
            xml.parse(b"<A/>", f"{number}.xsd", max_bytes=100)


def test_threads_share_no_parser_and_no_log_of_errors() -> None:
    bad = changed('OBVOD="80"', 'OBVOD="x"')
    gate = threading.Barrier(4)

    def work(number: int) -> list[str]:
        gate.wait()
        return [
            refused(bad).attribute if (turn + number) % 2 else protocol_file.read(GOOD).format
            for turn in range(50)
        ]

    with ThreadPoolExecutor(4) as pool:
        for number, answers in enumerate(pool.map(work, range(4))):
            assert answers == ["OBVOD" if (turn + number) % 2 else "zapisy-1" for turn in range(50)]


#: Schemas that others are made of.
PARTS = {"ukon_udaje.xsd", "zapis.xsd"}
SCHEMAS = {path.name for path in resources.path("schemas").glob("*.xsd")} - PARTS


@pytest.mark.parametrize("schema", sorted(SCHEMAS))
def test_whatever_document_is_wanted_another_one_is_refused_in_words_for_people(schema: str) -> None:
    with pytest.raises(DocumentError) as caught:
        xml.parse(b"<faktura/>", schema, max_bytes=1000)
    assert caught.value.code == "DOC-15"
    assert not re.search(r"[A-Z_]{4,}", caught.value.cs), "the name of an element is no word for people"
