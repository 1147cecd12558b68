"""A published folder served by a process that knows nothing else: the same answers as the centre's own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue

import pytest

from app.central.addresses import Layout
from app.central.caching import CacheControl
from app.central.conditional import Answering, Response
from app.central.folder_site import FolderSite
from app.central.front import Front
from app.election.model import Contest
from tests.support.published_night import Night, corrected, open_night, whole_night

CODINGS = {"": "", "gzip": "-gz", "br": "-br"}
OLDER = ["vysledky_okres?nuts=CZ0999", "vysledky_okrsky?davka=999", "vysledky_okrsky", "vysledky"]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    with open_night(tmp_path_factory.mktemp("night")) as night:
        whole_night(night)
        yield night


@pytest.fixture(scope="module")
def followed(night: Night) -> FolderSite:
    return FolderSite(night.public)


@pytest.fixture
def folder(followed: FolderSite) -> FolderSite:
    """At the newest version."""
    followed.look()
    return followed


@pytest.fixture(scope="module")
def centre(night: Night) -> Front:
    centre, reference = night.centre, night.reference
    answering = Answering(CacheControl(reference, night.house.clock))
    return Front(centre.site, Layout.of(reference), night.public, answering, _nobody)


async def _nobody(*_: object) -> None:
    raise AssertionError("handed on")


def said(
    front: Front, address: str, *headers: tuple[bytes, bytes]
) -> tuple[int, Mapping[bytes, bytes], bytes]:
    """Status, headers but for the times of a publication, body without its time of generation."""
    path, _, query = address.partition("?")
    response = front.respond("GET", path, query.encode(), headers)
    assert response is not None
    told = {name: value for name, value in response.headers if name not in (b"last-modified", b"etag")}
    return response.status, told, re.sub(rb'DATUM_CAS_GENEROVANI="[^"]*"', b"", response.body)


def test_every_address_is_answered_as_the_centre_answers_it(
    night: Night, centre: Front, folder: FolderSite
) -> None:
    edition = night.centre.site.edition
    version = f"/feed/{night.reference.election.code}/versions/{edition.version}/"
    addresses = [f"/{path}" for path in edition.pages] + [version + path for path in edition.pages]
    assert len(addresses) > 200
    for address in addresses:
        for coding in CODINGS:
            headers = ((b"accept-encoding", coding.encode()),) if coding else ()
            told = said(folder.front, address, *headers)
            assert (told[0], told) == (200, said(centre, address, *headers)), address


def test_an_older_address_and_an_error_document_too(night: Night, centre: Front, folder: FolderSite) -> None:
    day, code = night.senate_day, night.reference.election.code
    senate = [
        f"/pls/senat/vysledky?datum_voleb={day}",
        "/pls/senat/vysledky?datum_voleb=19000101",
        f"/pls/senat/vysledky_obce_obvod?datum_voleb={day}&cislo=99",
        f"/pls/senat/vysledky_okrsky?datum_voleb={day}&kolo=1&davka=1",
        f"/pls/senat/vysledky_okrsky?datum_voleb={day}&kolo=2&davka=1",
    ]
    for address in [*senate, *(f"/pls/{code}/{name}" for name in OLDER), "/", f"/feed/{code}/nothing.xml"]:
        assert said(folder.front, address) == said(centre, address), address


def test_a_tag_of_one_process_is_known_by_the_other(night: Night, centre: Front, folder: FolderSite) -> None:
    """Readers go from one to the other when one falls."""
    for path in night.centre.site.edition.pages:
        for coding in CODINGS:
            headers = [(b"accept-encoding", coding.encode())]
            first = _respond(centre, f"/{path}", headers)
            tag = dict(first.headers)[b"etag"]
            again = _respond(folder.front, f"/{path}", [*headers, (b"if-none-match", tag)])
            assert (again.status, again.body) == (304, b""), path


def _respond(front: Front, path: str, headers: list[tuple[bytes, bytes]]) -> Response:
    response = front.respond("GET", path, b"", headers)
    assert response is not None
    return response


def test_before_the_first_publication_nothing_is_there(tmp_path: Path) -> None:
    site = FolderSite(tmp_path / "public")
    assert not site.look()
    assert site.front.respond("GET", "/feed/zk2024/index.xml", b"", []) == site.answering.error(
        404, "Takový dokument tu není. / There is no such document.\n".encode()
    )


def test_a_new_version_is_seen_by_itself_and_told_to_those_who_listen(night: Night) -> None:
    site = FolderSite(night.public)
    heard: SimpleQueue[int] = SimpleQueue()
    site.site.listen(heard.put)
    with site.followed():
        assert heard.get(timeout=10) == night.centre.site.edition.version
        others = list(night.truth[Contest.REGIONAL].values())[1:]
        night.take([corrected(others[0], 3)], revision=2)
        version = night.publish()
        assert heard.get(timeout=10) == version
    assert site.site.edition.version == version


def test_what_is_no_publication_is_told_once_and_the_version_before_stays(
    night: Night, tmp_path: Path, expect_log: Callable[[int | str, str], None]
) -> None:
    expect_log("ERROR", "the published folder cannot be read, the version before stays: DocumentError")
    public = tmp_path / "public"
    code = night.reference.election.code
    edition = public / "versions" / "1" / "feed" / code
    edition.mkdir(parents=True)
    (public / "current").symlink_to("versions/1")
    pointer = (night.public / "current" / "feed" / code / "index.xml").read_bytes()
    (edition / "index.xml").write_bytes(pointer)
    site = FolderSite(public)
    assert site.look()
    wrong = public / "versions" / "2" / "feed" / code
    wrong.mkdir(parents=True)
    (wrong / "index.xml").write_bytes(b"<FEED/>")
    (public / "current").unlink()
    (public / "current").symlink_to("versions/2")
    assert [site.look(), site.look(), site.site.edition.version] == [False, False, 1]


def test_more_pages_and_addresses_are_added_without_a_file(night: Night) -> None:
    seen: list[int] = []

    def pages(version: int, files: Mapping[str, bytes], _at: datetime) -> Mapping[str, bytes]:
        seen.append(len(files))
        return {"obec/1.html": b"<p>%d</p>" % version}

    asked: list[str] = []

    async def behind(scope: dict[str, object], _receive: object, _send: object) -> None:
        asked.append(str(scope["path"]))

    site = FolderSite(night.public, pages=pages, behind=behind)  # type: ignore[arg-type]
    site.look()
    made = site.front.respond("GET", "/obec/1.html", b"", [])
    assert made is not None
    assert made.body == b"<p>%d</p>" % site.site.edition.version
    scope = {"type": "http", "path": "/hledat", "method": "GET", "query_string": b"", "headers": []}
    asyncio.run(site.front(scope, None, None))  # type: ignore[arg-type]
    assert (len(seen), asked) == (1, ["/hledat"])
