"""The public server: what it answers to whom, and the same pages as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.central.conditional import Response
from app.central.pages import export
from app.central.pages.rendering import assets
from app.central.pages.serving import PublicPages
from app.central.pages.view import View
from app.commands.central import app as command
from tests.support.public_pages import KINDS, page

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@pytest.fixture(scope="module")
def pages(states: Path) -> PublicPages:
    made = PublicPages(states / "half")
    assert made.site.look()
    return made


def ask(pages: PublicPages, address: str, method: str = "GET", **headers: str) -> Response:
    """As the server asks: first what lies among the documents, then the pages."""
    path, _, query = address.partition("?")
    told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    front = pages.site.front.respond(method, path, query.encode(), told)
    return front or pages.respond(method, path, query.encode(), told)


def headers_of(response: Response) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in response.headers}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_is_answered_with_strict_headers(pages: PublicPages, kind: str) -> None:
    response = ask(pages, KINDS[kind])
    headers = headers_of(response)
    assert response.status == (404 if kind == "missing" else 200)
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("kind", ["country", "district", "precinct", "progress"])
def test_who_has_a_page_already_gets_no_body(pages: PublicPages, kind: str) -> None:
    tag = headers_of(ask(pages, KINDS[kind]))["etag"]
    known = ask(pages, KINDS[kind], if_none_match=tag)
    assert (known.status, known.body) == (304, b"")


def test_a_page_is_made_once_and_packed_as_the_reader_likes(pages: PublicPages) -> None:
    plain, packed = ask(pages, "/okres/CZ0412/"), ask(pages, "/okres/CZ0412/", accept_encoding="br, gzip")
    assert headers_of(packed)["content-encoding"] == "br"
    assert len(packed.body) * 3 < len(plain.body)
    assert ask(pages, "/okres/CZ0412/").body is plain.body


def test_an_address_without_its_slash_leads_to_the_one_with_it(pages: PublicPages) -> None:
    moved = ask(pages, "/en/kraj/1")
    assert (moved.status, headers_of(moved)["location"]) == (301, "/en/kraj/1/")


@pytest.mark.parametrize(
    "path",
    [
        "/kraj/01/", "/kraj/1/../2/", "//kraj/1/", "/kraj/-1/", "/obec/999999/", "/okrsek/550001/99/",
        "/okres/CZ9999/", "/senat/3/", "/kraj/1/listina/98/", "/obce/Q/", "/web/page.css", "/../current",
        "/kraj/1/\u0661/", "/en", "/" + "kraj/" * 50, "/%2e%2e/", "/index.php",
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_says_so_in_a_sentence(pages: PublicPages, path: str) -> None:
    response = ask(pages, path)
    if path == "/en":
        assert response.status == 301
        return
    assert response.status == 404
    assert "Taková stránka tu není" in response.body.decode()


def test_a_page_that_is_not_there_says_so_in_the_language_of_its_address(pages: PublicPages) -> None:
    assert "There is no such page" in ask(pages, "/en/kraj/99/").body.decode()


@pytest.mark.parametrize(
    "query", ["q=%3Cscript%3E", "q=%ff%fe", "q=" + "a" * 5000, "&" * 300, "q=\x00", "x=1&q=a&q=b"]
)
def test_any_query_is_answered(pages: PublicPages, query: str) -> None:
    response = pages.respond("GET", "/hledat/", query.encode("latin-1"), [])
    assert response.status == 200
    assert b"<script>" not in response.body.replace(b'<script src="', b"")


def test_only_reading_is_possible(pages: PublicPages) -> None:
    refused = ask(pages, "/", "POST")
    assert (refused.status, headers_of(refused)["allow"]) == (405, "GET, HEAD")


def test_before_anything_is_published_the_server_says_to_come_again(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    pages = PublicPages(tmp_path / "public")
    assert not pages.site.look()
    refused = ask(pages, "/")
    assert (refused.status, headers_of(refused)["retry-after"]) == (503, "1")


def test_pages_that_are_kept_have_their_bounds(states: Path) -> None:
    pages = PublicPages(states / "half", room=20_000)
    pages.site.look()
    for kind in ("progress", "district", "municipality", "precinct", "list"):
        assert ask(pages, KINDS[kind]).status == 200
    assert pages._size <= 20_000 or len(pages._kept) == 1


# --- as files -------------------------------------------------------------------------------------------


def test_a_static_copy_holds_every_page_and_writes_only_what_changed(
    views: dict[str, View], tmp_path: Path
) -> None:
    new = export.whole(views["half"], tmp_path)
    assert new == sum(each.is_file() for each in tmp_path.rglob("*"))
    for kind, path in KINDS.items():
        if kind not in ("search", "missing"):
            said = (tmp_path / path.strip("/") / "index.html").read_text("utf-8")
            assert said == page(views["half"], path, static=True)
            assert "<script" not in said
            assert "<form" not in said
    assert all((tmp_path / path).read_bytes() == body for path, body in assets().items())
    assert export.whole(views["half"], tmp_path) == 0


def test_the_reduced_edition_is_a_few_kilobytes_and_says_the_totals(
    views: dict[str, View], states: Path, tmp_path: Path
) -> None:
    ran = CliRunner().invoke(
        command, ["public", str(states / "half"), "--export", str(tmp_path), "--reduced"]
    )
    assert ran.exit_code == 0, ran.output
    results = views["half"].results()
    assert results is not None
    said = json.loads((tmp_path / "souhrn.json").read_bytes())
    assert said["celkem"][0]["zpracovano"] == results.country.processed
    assert said["celkem"][0]["ucast"] == results.country.share
    assert said["rezim"] == "ZKOUSKA"
    assert said["zdroj"].startswith("Zdroj: ")
    for name in ("index.html", "en/index.html"):
        assert (tmp_path / name).stat().st_size < 8_000


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--export", "{}/out"], "PUB-01"), (["--reduced"], "PUB-02")]
)
def test_what_cannot_be_written_is_refused_with_a_code(
    tmp_path: Path, arguments: list[str], code: str
) -> None:
    ran = CliRunner().invoke(
        command, ["public", str(tmp_path), *(each.format(tmp_path) for each in arguments)]
    )
    assert getattr(ran.exception, "code", "") == code


def test_a_question_asked_again_is_not_looked_up_again(pages: PublicPages) -> None:
    first, again = (ask(pages, "/hledat/?q=lesn%C3%A1") for _ in range(2))
    assert again.body is first.body
    assert ask(pages, "/hledat/?q=lhota").body != first.body
