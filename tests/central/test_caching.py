"""The eight rules of caching, one class for each, asked as HTTP clients ask the real server."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import brotli
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import resources
from app.central import caching, negotiation
from app.central.caching import RULES
from app.central.site import Site
from app.election.model import Contest, Mode
from tests.support.house import Clock, House, serving
from tests.support.invented_election import VOTING_ENDS, reference

STATIC = "/appdata/zk2024/odata"
DOCUMENT = f"{STATIC}/vysledky.xml"
#: addresses of every sort: a file, an older address, an error document, a page, nothing
EVERY_SORT = (DOCUMENT, "/pls/zk2024/vysledky", "/pls/zk2024/vysledky_okrsky?davka=7", "/", "/appdata/nic")
IMMUTABLE = "public, max-age=31536000, immutable"
SHORT = "public, max-age=1"
PLAIN = {"accept-encoding": "identity"}


@pytest.fixture(scope="module")
def zeros(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A centre that has received nothing, an hour after voting ended."""
    with quiet(tmp_path_factory.mktemp("quiet"), timedelta(hours=1)) as (client, _):
        yield client


@contextmanager
def quiet(folder: Path, after: timedelta, mode: Mode = Mode.LIVE) -> Iterator[tuple[httpx.Client, Clock]]:
    """A client of a centre that has received nothing, so long after voting ended, and its clock."""
    clock = Clock(VOTING_ENDS + after)
    centre = House(folder, reference(Contest.REGIONAL, mode=mode), clock).open()
    centre.publisher.flush()
    with serving(centre) as url, httpx.Client(base_url=url, headers=PLAIN) as client:
        yield client, clock
    centre.database.close()


def raw(client: httpx.Client, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """An answer and its body as it came, not decoded."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with client.stream("GET", path, headers=named) as answer:
        return answer, b"".join(answer.iter_raw())


def test_every_rule_has_a_class_of_tests() -> None:
    here = {int(name[8]) for name in globals() if re.match(r"TestRule\d", name)}
    assert here == {rule.number for rule in RULES} == set(range(1, 9))


def test_the_manual_has_the_table_of_the_code() -> None:
    page = resources.path("manual", "serving.md").read_text("utf-8")
    rows = re.findall(r"^\| ([1-8]) \| (.+) \| (.+) \|$", page, re.MULTILINE)[: len(RULES)]
    assert rows == [(str(number), cs, en) for number, cs, en in RULES]


class TestRule1StrongTags:
    def test_each_form_has_its_own(self, zeros: httpx.Client) -> None:
        tags = [
            raw(zeros, DOCUMENT, accept_encoding=c)[0].headers["etag"] for c in ("identity", "gzip", "br")
        ]
        assert len(set(tags)) == 3
        assert all(re.fullmatch(r'"[0-9a-f]{32}(-gz|-br)?"', tag) for tag in tags)

    def test_it_is_of_the_content_and_of_nothing_else(self) -> None:
        site, body = Site(), b"<A/>"
        site.publish(1, {"a.xml": body}, {}, VOTING_ENDS)
        first = site.edition.pages["a.xml"].form("").etag
        site.publish(2, {"a.xml": b"<B/>"}, {}, VOTING_ENDS)
        assert site.edition.pages["a.xml"].form("").etag != first
        site.publish(3, {"a.xml": body}, {}, VOTING_ENDS)
        assert site.edition.pages["a.xml"].form("").etag == first


class TestRule2LastModified:
    def test_it_stays_while_the_content_does(self) -> None:
        site = Site()
        site.publish(1, {"a.xml": b"<A/>", "b.xml": b"<A/>"}, {}, VOTING_ENDS)
        site.publish(2, {"a.xml": b"<A/>" * 1, "b.xml": b"<B/>"}, {}, VOTING_ENDS + timedelta(hours=1))
        pages = site.edition.pages
        assert pages["a.xml"].modified == VOTING_ENDS
        assert pages["b.xml"].modified == VOTING_ENDS + timedelta(hours=1)

    def test_it_is_the_publication_s_second(self, zeros: httpx.Client) -> None:
        told = parsedate_to_datetime(zeros.get(DOCUMENT).headers["last-modified"])
        assert told == VOTING_ENDS + timedelta(hours=1)

    def test_two_contents_in_one_second_are_not_taken_for_one(self) -> None:
        site, now = Site(), VOTING_ENDS.replace(microsecond=100_000)
        site.publish(1, {"a.xml": b"<A/>"}, {}, now)
        site.publish(2, {"a.xml": b"<B/>"}, {}, now.replace(microsecond=900_000))
        page = site.edition.pages["a.xml"]
        told = f"{page.modified:%a, %d %b %Y %H:%M:%S} GMT"
        assert not negotiation.is_since(told, page.modified, coincided=page.coincided)

    def test_a_clock_that_goes_back_takes_no_content_for_a_known_one(self) -> None:
        site = Site()
        site.publish(1, {"a.xml": b"<A/>"}, {}, VOTING_ENDS)
        site.publish(2, {"a.xml": b"<B/>"}, {}, VOTING_ENDS - timedelta(hours=1))
        page = site.edition.pages["a.xml"]
        assert (page.modified, page.coincided) == (VOTING_ENDS, True)


class TestRule3IfNoneMatch:
    @pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '"other" ,W/{} , "more"', "*"])
    def test_a_known_document_is_not_sent_again(self, zeros: httpx.Client, form: str) -> None:
        tag = zeros.get(DOCUMENT).headers["etag"]
        answer = zeros.get(DOCUMENT, headers={"if-none-match": form.format(tag)})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag

    @pytest.mark.parametrize("form", ['"other"', "", "nonsense", '"{}', "{:.10}"])
    def test_an_unknown_one_is(self, zeros: httpx.Client, form: str) -> None:
        tag = zeros.get(DOCUMENT).headers["etag"].strip('"')
        assert zeros.get(DOCUMENT, headers={"if-none-match": form.format(tag)}).status_code == 200

    def test_several_lines_are_one_list(self, zeros: httpx.Client) -> None:
        tag = zeros.get(DOCUMENT).headers["etag"]
        lines = [("if-none-match", '"other"'), ("if-none-match", tag)]
        assert zeros.get(DOCUMENT, headers=lines).status_code == 304

    def test_the_tag_of_another_form_is_not_known(self, zeros: httpx.Client) -> None:
        packed = raw(zeros, DOCUMENT, accept_encoding="gzip")[0].headers["etag"]
        assert zeros.get(DOCUMENT, headers={"if-none-match": packed}).status_code == 200
        assert raw(zeros, DOCUMENT, accept_encoding="gzip", if_none_match=packed)[0].status_code == 304


class TestRule4IfModifiedSince:
    @pytest.mark.parametrize("since", [None, "Sun, 01 Jan 2090 00:00:00 GMT"])
    def test_not_modified_since_is_not_sent(self, zeros: httpx.Client, since: str | None) -> None:
        since = since or zeros.get(DOCUMENT).headers["last-modified"]
        assert zeros.get(DOCUMENT, headers={"if-modified-since": since}).status_code == 304

    @pytest.mark.parametrize(
        "headers",
        [
            {"if-modified-since": "Sat, 01 Jan 2000 00:00:00 GMT"},
            {"if-modified-since": "yesterday"},
            {"if-modified-since": ""},
            {"if-modified-since": "Sun, 01 Jan 2090 00:00:00"},
            {"if-modified-since": "Sun, 01 Jan 2090 00:00:00 GMT", "if-none-match": '"other"'},
        ],
    )
    def test_anything_else_is(self, zeros: httpx.Client, headers: dict[str, str]) -> None:
        assert zeros.get(DOCUMENT, headers=headers).status_code == 200

    @given(st.text(max_size=60))
    def test_no_value_breaks_it(self, value: str) -> None:
        assert negotiation.is_since(value, datetime(2024, 9, 21, tzinfo=UTC)) in (True, False)


class TestRule5Negotiation:
    @pytest.mark.parametrize(
        ("header", "order"),
        [
            (None, ["identity"]),
            ("", ["identity"]),
            ("gzip", ["gzip", "identity"]),
            ("x-gzip", ["gzip", "identity"]),
            ("gzip, deflate, br, zstd", ["br", "gzip", "identity"]),
            ("GZIP;Q=0.8, br;q=0.2", ["gzip", "br", "identity"]),
            ("gzip;q=0", ["identity"]),
            ("gzip;q=0.000, br ; q=0.001", ["br", "identity"]),
            ("identity, gzip;q=0.5", ["identity", "gzip"]),
            ("identity;q=0", []),
            ("identity;q=0, gzip", ["gzip"]),
            ("*", ["br", "gzip", "identity"]),
            ("*;q=0", []),
            ("*;q=0, identity", ["identity"]),
            ("gzip, *;q=0", ["gzip"]),
            ("br;q=2, gzip;q=x", ["identity"]),
        ],
    )
    def test_the_form_goes_by_weights(self, header: str | None, order: list[str]) -> None:
        assert [coding or "identity" for coding in negotiation.accepted(header)] == order

    @given(st.text(max_size=60))
    def test_no_value_breaks_it(self, value: str) -> None:
        assert set(negotiation.accepted(value)) <= set(negotiation.CODINGS)

    def test_each_form_holds_the_same_document(self, zeros: httpx.Client) -> None:
        plain = zeros.get(DOCUMENT)
        for coding, unpack in (("gzip", gzip.decompress), ("br", brotli.decompress)):
            answer, body = raw(zeros, DOCUMENT, accept_encoding=coding)
            assert answer.headers["content-encoding"] == coding
            assert int(answer.headers["content-length"]) == len(body) < len(plain.content)
            assert unpack(body) == plain.content
        assert "content-encoding" not in plain.headers

    def test_ready_forms_are_taken_as_they_are(self) -> None:
        site, body = Site(), b"<A/>" * 1000
        site.publish(1, {"a.xml": body}, {}, VOTING_ENDS, {"a.xml": {"gzip": b"ready"}})
        assert site.edition.pages["a.xml"].form("gzip").body == b"ready"

    def test_whoever_takes_no_form_is_told_so(self, zeros: httpx.Client) -> None:
        assert zeros.get(DOCUMENT, headers={"accept-encoding": "identity;q=0"}).status_code == 406

    def test_what_is_tiny_is_compressed_only_for_those_who_insist(self) -> None:
        site = Site()
        site.publish(1, {"a.xml": b"<A/>"}, {}, VOTING_ENDS)
        page = site.edition.pages["a.xml"]
        assert page.best(negotiation.accepted("gzip")) is page.form("")
        assert page.best(negotiation.accepted("gzip, identity;q=0")) is page.form("gzip")

    @pytest.mark.parametrize("path", EVERY_SORT)
    def test_vary_says_what_it_went_by(self, zeros: httpx.Client, path: str) -> None:
        assert zeros.get(path).headers["vary"] == "accept-encoding"


class TestRule6HowLong:
    @pytest.mark.parametrize(
        ("path", "lasts"),
        [
            ("appdata/kz2024/odata/vysledky.xml", False),
            ("appdata/kz2024/odata/okresy/vysledky_okres_CZ0201.xml", False),
            ("appdata/kz2024/odata/okrsky/vysledky_okrsky.xml", False),
            ("appdata/kz2024/odata/okrsky/vysledky_okrsky_00001.xml", True),
            ("appdata/senat/20240920/odata/okrsky/vysledky_okrsky_00012.xml", True),
            ("appdata/kz2024/odata/okrsky/vysledky_okrsky_00001.xml.p7s", False),
            ("feed/kz2024/index.xml", False),
            ("feed/kz2024/manifest.xml", False),
            ("feed/kz2024/versions/12/feed/kz2024/manifest.xml", True),
            ("feed/kz2024/versions/12/appdata/kz2024/odata/vysledky.xml.p7s", True),
            ("feed/kz2024/changes/000012.xml", True),
            ("feed/kz2024/csv/t6_00001.csv", True),
            ("feed/kz2024/csv/t6.csv", False),
            ("index.html", False),
        ],
    )
    def test_an_address_lasts_when_it_can_never_answer_otherwise(self, path: str, lasts: bool) -> None:
        assert (caching.lasting_of(path) is caching.Lasting.FOR_EVER) == lasts

    def test_a_pointer_is_asked_for_again_and_a_version_never(self, zeros: httpx.Client) -> None:
        assert zeros.get(DOCUMENT).headers["cache-control"] == SHORT
        assert zeros.get(f"/feed/zk2024/versions/1{DOCUMENT}").headers["cache-control"] == IMMUTABLE

    def test_in_a_rehearsal_nothing_lasts_for_the_night_has_the_same_addresses(self, tmp_path: Path) -> None:
        with quiet(tmp_path, timedelta(hours=1), Mode.REHEARSAL) as (client, _):
            assert client.get(f"/feed/zk2024/versions/1{DOCUMENT}").headers["cache-control"] == SHORT


class TestRule7Head:
    @pytest.mark.parametrize("path", EVERY_SORT)
    @pytest.mark.parametrize("coding", ["identity", "br"])
    def test_it_tells_the_same_without_the_body(self, zeros: httpx.Client, path: str, coding: str) -> None:
        headers = {"accept-encoding": coding}
        told, asked = zeros.get(path, headers=headers), zeros.head(path, headers=headers)
        assert (asked.status_code, asked.content) == (told.status_code, b"")
        for each in (asked.headers, told.headers):
            each.pop("date", None)
        assert asked.headers == told.headers

    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_what_is_known_keeps_its_headers(self, zeros: httpx.Client, method: str) -> None:
        whole = zeros.get(DOCUMENT).headers
        known = zeros.request(method, DOCUMENT, headers={"if-none-match": "*"})
        assert known.status_code == 304
        for name in ("etag", "last-modified", "cache-control", "vary", "access-control-allow-origin"):
            assert known.headers[name] == whole[name]
        assert "content-type" not in known.headers


class TestRule8NobodyIsHeldUp:
    @pytest.mark.parametrize(
        "path", ["/appdata/nic", "/feed/zk2024/nic.xml", "/pls/zk2024/vysledky_okrsky?davka=9"]
    )
    def test_an_error_is_kept_for_a_second_at_most(self, zeros: httpx.Client, path: str) -> None:
        assert zeros.get(path).headers["cache-control"] == SHORT

    def test_nothing_is_kept_beyond_the_end_of_voting(self, tmp_path: Path) -> None:
        with quiet(tmp_path, timedelta(hours=-1)) as (client, clock):
            paths = (*EVERY_SORT, f"/feed/zk2024/versions/1{DOCUMENT}")
            assert {client.get(path).headers["cache-control"] for path in paths} == {SHORT}
            clock.now = VOTING_ENDS - timedelta(milliseconds=900)
            assert {client.get(path).headers["cache-control"] for path in paths} == {"public, max-age=0"}
            clock.now = VOTING_ENDS
            assert client.get(paths[-1]).headers["cache-control"] == IMMUTABLE
            clock.move(hours=-1)  # a clock that goes back does not close what was open
            assert client.get(paths[-1]).headers["cache-control"] == IMMUTABLE

    @pytest.mark.parametrize("path", EVERY_SORT)
    def test_any_page_of_anybody_may_read(self, zeros: httpx.Client, path: str) -> None:
        headers = zeros.get(path).headers
        assert headers["access-control-allow-origin"] == "*"
        assert headers["access-control-expose-headers"] == "etag"
        assert headers["x-content-type-options"] == "nosniff"

    def test_a_page_that_sends_conditions_may_do_so(self, zeros: httpx.Client) -> None:
        answer = zeros.options(DOCUMENT, headers={"access-control-request-headers": "if-none-match"})
        assert answer.status_code == 204
        assert "if-none-match" in answer.headers["access-control-allow-headers"]
        assert answer.headers["access-control-allow-origin"] == "*"

    def test_it_makes_no_difference_who_asks(self, zeros: httpx.Client) -> None:
        whole = zeros.get(DOCUMENT)
        for agent in ("", "python-requests/2.31", "Wget", "evil bot", "ž" * 20):
            answer = zeros.get(DOCUMENT, headers={"user-agent": agent.encode()})
            assert (answer.status_code, answer.content) == (200, whole.content)

    def test_a_part_is_answered_by_the_whole(self, zeros: httpx.Client) -> None:
        whole = zeros.get(DOCUMENT)
        part = zeros.get(DOCUMENT, headers={"range": "bytes=0-9", "if-range": whole.headers["etag"]})
        assert (part.status_code, part.content) == (200, whole.content)
        assert "accept-ranges" not in part.headers
