"""What the pages say is what the published documents say; whatever they are asked for, they stay in order."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.central.pages import maps, texts
from app.central.pages.marks import mark_of, same
from app.central.pages.rendering import NoSuchPage, Pages, assets
from app.central.pages.routes import Route, address_of, route_of
from app.central.pages.search import Index, folded
from app.central.pages.texts import Language, words
from app.central.pages.view import View
from app.documents.act import Act, Kind
from app.election.model import Contest, Mode, PrecinctId, ProtocolKey
from tests.support.public_pages import KINDS, page

STATES = ("zero", "half", "full", "embargo", "second")
MADE = {kind: path for kind, path in KINDS.items() if kind not in ("search", "missing")}
SOURCE = "Zdroj: Český statistický úřad, volby.cz"
CZECH = words(Language.CZECH)


class Outline(HTMLParser):
    """Text, identifiers, headings and links of a page; what is in tags never is in `text`."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.links, self.headings, self.tags = "", [], [], []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_data(self, data: str) -> None:
        self.text += data


def outline(view: View, address: str) -> Outline:
    return Outline(page(view, address))


def addresses(view: View, prefix: str = "") -> list[str]:
    """Every address that is there in this state."""
    found = []
    for path in MADE.values():
        route = route_of(prefix + path)
        assert route is not None
        try:
            Pages().page(view, *route)
            found.append(prefix + path)
        except NoSuchPage:
            assert view.contests == (Contest.SENATE_ROUND_2,)
    return found


# --- every page -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("state", STATES)
def test_every_page_names_the_source_its_language_and_a_rehearsal(
    views: dict[str, View], state: str, prefix: str
) -> None:
    view = views[state]
    for address in addresses(view, prefix):
        shown = outline(view, address)
        language = shown.tags[0]
        assert SOURCE in shown.text
        assert language == ("html", {"lang": "en" if prefix else "cs"})
        marked = "nejsou skutečné" in shown.text or "not real" in shown.text
        assert marked is view.is_rehearsal
        assert shown.headings[0] == 1
        assert shown.headings.count(1) == 1
        assert all(b - a <= 1 for a, b in zip(shown.headings, shown.headings[1:], strict=False)), address


@pytest.mark.parametrize("state", STATES)
def test_no_page_has_a_script_or_a_style_inside_it(views: dict[str, View], state: str) -> None:
    for address in addresses(views[state]):
        for tag, attributes in outline(views[state], address).tags:
            assert tag != "style"
            assert "style" not in attributes
            assert not any(name.startswith("on") for name in attributes)
            assert tag != "script" or attributes["src"]


@pytest.mark.parametrize("state", STATES)
def test_every_link_of_a_page_leads_to_a_page_or_a_document(views: dict[str, View], state: str) -> None:
    view, pages = views[state], Pages()
    for address in addresses(view):
        for link in {each for each in outline(view, address).links if each.startswith("/")}:
            if link.startswith("/feed/"):
                assert link[1:] in view.files
                continue
            found = route_of(link)
            assert found is not None, link
            pages.page(view, *found)


def test_an_address_and_its_route_are_the_same_in_both_languages() -> None:
    for path in MADE.values():
        route, _ = route_of(path) or (None, None)
        assert route is not None
        assert address_of(route, Language.CZECH) == path
        assert address_of(route, Language.ENGLISH) == f"/en{path}"


@given(st.text(max_size=40))
def test_no_text_is_an_address_that_the_page_would_not_write_itself(text: str) -> None:
    for path in (text, f"/{text}", f"/kraj/{text}/", f"/en/obec/{text}/"):
        found = route_of(path)
        assert found is None or address_of(*found) == path


# --- what is said ---------------------------------------------------------------------------------------


def test_the_country_says_turnout_and_leaders_as_the_documents_do(views: dict[str, View]) -> None:
    view = views["half"]
    results, shown = view.results(), outline(view, "/")
    assert results is not None
    assert CZECH.share(results.country.share) in shown.text
    assert CZECH.number(results.country.valid) in shown.text
    for region in results.regions.values():
        assert CZECH.region(region.name) in shown.text
        assert CZECH.share(region.turnout.processed_share) in shown.text
        first = max(region.lists, key=lambda each: each.given.votes)
        assert f"{first.name} {CZECH.share(first.given.share)}" in shown.text


def test_a_region_shows_every_list_seat_and_elected_councillor(views: dict[str, View]) -> None:
    view = views["full"]
    results = view.results()
    assert results is not None
    decided = [region for region in results.regions.values() if region.has_seats]
    assert decided
    for region in decided:
        shown = outline(view, f"/kraj/{region.number}/")
        assert sum(each.seats for each in region.lists) == region.seats
        for listed in region.lists:
            assert CZECH.number(listed.given.votes) in shown.text
            assert CZECH.share(listed.given.share) in shown.text
            for each in listed.elected:
                assert CZECH.person(each.person) in shown.text
                assert CZECH.share(each.preferred.share) in shown.text


def test_seats_and_elected_are_not_shown_before_a_region_is_complete(views: dict[str, View]) -> None:
    shown = outline(views["half"], "/kraj/1/")
    assert CZECH("elected") not in shown.text
    assert CZECH("seats_later") in shown.text


def test_a_list_shows_the_preferential_votes_of_every_candidate(views: dict[str, View]) -> None:
    view = views["full"]
    preferred = view.preferred()[1]
    shown = page(view, "/kraj/1/listina/5/")
    rows = re.findall(r'<tr><td class="number no">(\d+)</td>.*?<td class="number">([\d\u00a0]+)</td>', shown)
    assert {int(n): int(v.replace("\u00a0", "")) for n, v in rows} == {
        number: preferred.get((5, number), 0) for number in view.territory.regions[1].lists[5].candidates
    }


def test_a_precinct_shows_its_own_protocol_and_that_it_was_corrected(views: dict[str, View]) -> None:
    view = views["half"]
    precinct, contests = next(iter(view.history.corrected.items()))
    shown = outline(view, f"/okrsek/{precinct.municipality}/{precinct.number}/")
    assert CZECH("corrected", revision=2) in shown.text
    for contest in contests:
        entry = view.history.entries[ProtocolKey(precinct, contest)]
        assert entry.revision == 2
        assert entry.protocol is not None
        assert CZECH.number(entry.protocol.counts.valid_votes) in shown.text


def test_a_municipality_says_which_precincts_are_awaited(views: dict[str, View]) -> None:
    shown = outline(views["half"], "/obec/550003/")
    assert CZECH("precinct_awaited") in shown.text
    assert CZECH("precinct_in") in shown.text
    assert CZECH("precinct_awaited") not in outline(views["full"], "/obec/550003/").text


def test_a_city_leads_to_its_boroughs_and_they_back_to_it(views: dict[str, View]) -> None:
    city = outline(views["full"], "/obec/999901/")
    boroughs = [link for link in city.links if link.startswith("/obec/")]
    assert len(boroughs) == 2
    assert all("/obec/999901/" in outline(views["full"], each).links for each in boroughs)


def test_round_2_shows_both_rounds_and_who_was_elected(views: dict[str, View]) -> None:
    view = views["second"]
    results = view.senate_results()
    assert results is not None
    assert view.contests == (Contest.SENATE_ROUND_2,)
    for district in results.districts.values():
        shown = outline(view, f"/senat/{district.number}/")
        [elected] = [each for each in district.candidates if each.outcome.get(2) == "ZVOLEN"]
        assert f"{CZECH.person(elected.person)}" in shown.text
        assert CZECH("outcome_elected") in shown.text
        for each in district.candidates:
            for given_ in each.votes.values():
                assert CZECH.number(given_.votes) in shown.text
                assert CZECH.share(given_.share) in shown.text
    assert CZECH("senate_round", round=2) in outline(view, "/").text


def test_before_voting_ends_no_page_shows_a_number_of_votes(views: dict[str, View]) -> None:
    view = views["embargo"]
    for address in addresses(view):
        shown = outline(view, address)
        assert CZECH("share") not in shown.text
        assert CZECH("turnout") not in shown.text
        if address not in ("/obce/", "/obce/H/"):
            assert "21.\u00a09.\u00a02024 14:00" in shown.text, address


# --- decisions ------------------------------------------------------------------------------------------


def without_seats(view: View) -> View:
    """The same version, had its documents no seats and no outcome in it."""
    files = dict(view.files)
    for path in (view.results_path, f"{view.senate}vysledky.xml"):
        text = re.sub(rb"<ZASTUPITEL[^>]*/>\n", b"", files[path])
        files[path] = re.sub(rb' (?:MANDATY|PROC_MANDATU|ZVOLEN_1KOLO)="[^"]*"', b"", text)
    return replace(view, files=files, _known={})


def act(kind: Kind, contest: Contest, **more: object) -> Act:
    election = "zk2024"
    at = texts.datetime(2024, 9, 21, 18, tzinfo=texts.PRAGUE)
    return Act(election, Mode.REHEARSAL, 1, kind, contest, ("Jana Nováková",), (), "los", at, **more)  # type: ignore[arg-type]


def test_what_is_counted_and_still_gives_no_result_waits_for_people(views: dict[str, View]) -> None:
    view = without_seats(views["full"])
    for address in ("/", "/kraj/2/", "/senat/", "/senat/2/"):
        assert "musí rozhodnout lidé" in outline(view, address).text, address
        assert "musí rozhodnout lidé" not in outline(views["half"], address).text


def test_a_list_with_more_seats_than_candidates_waits_for_people_and_the_others_do_not(
    views: dict[str, View],
) -> None:
    """In the small election list 33 of the region Severní has too few candidates."""
    assert "Severní kraj: všechno je sečteno, o mandátech musí" in outline(views["full"], "/").text
    for address in ("/kraj/2/", "/senat/", "/senat/2/"):
        assert "musí rozhodnout lidé" not in outline(views["full"], address).text


def test_a_precinct_that_never_comes_is_told_and_waited_for_no_more(views: dict[str, View]) -> None:
    view = without_seats(views["half"])
    missing = [
        place.id for place in view.territory.precincts.values()
        if place.senate_district == 17
        and not any(key.precinct == place.id and key.contest.is_senate for key in view.history.entries)
    ]  # fmt: skip
    assert missing
    acts = tuple(act(Kind.NEVER, Contest.SENATE_ROUND_1, precinct=each) for each in missing)
    shown = outline(replace(view, acts=acts), "/senat/17/")
    assert CZECH("act_never", count=CZECH.of("precincts", len(missing))) in shown.text
    assert "musí rozhodnout lidé" in shown.text


@pytest.mark.parametrize("kind", [Kind.LOT, Kind.SEATS, Kind.COMPLETE])
def test_what_people_decided_about_an_area_is_told_there_alone(views: dict[str, View], kind: Kind) -> None:
    decided = act(kind, Contest.REGIONAL, area="region", area_number=1, numbers=(5, 2))
    view = replace(views["full"], acts=(decided,))
    sentence = CZECH(f"act_{kind.name.lower()}", number=1, day=CZECH.time(decided.at))
    assert sentence in outline(view, "/kraj/1/").text
    assert sentence not in outline(view, "/kraj/2/").text


def test_a_withdrawal_is_told_where_it_lies(views: dict[str, View]) -> None:
    withdrawn = act(Kind.WITHDRAWAL, Contest.REGIONAL, precinct=PrecinctId(550001, 1), revision=1, order=9)
    view = replace(views["full"], acts=(withdrawn,))
    assert "odvolán" in outline(view, "/kraj/1/").text
    assert "odvolán" not in outline(view, "/kraj/2/").text


# --- what a page rests on -------------------------------------------------------------------------------


def test_a_page_whose_mark_is_the_same_has_the_same_bytes(views: dict[str, View]) -> None:
    """A version is taken over by the next; what did not change is the same object in both."""
    older, newer = views["half"], views["full"]
    files = {
        path: older.files[path] if older.files.get(path) == body else body
        for path, body in newer.files.items()
    }
    entries = {
        key: older.history.entries[key] if older.history.entries.get(key) == entry else entry
        for key, entry in newer.history.entries.items()
    }
    following = replace(
        newer,
        files=files,
        history=replace(newer.history, entries=entries),
        territory=older.territory,
        _known={},
    )
    pages, kept = Pages(), 0
    routes = [route for path in MADE.values() if (route := route_of(path))]
    routes += [
        (Route("precinct", (("code", str(each.municipality)), ("number", str(each.number)))), Language.CZECH)
        for each in older.territory.precincts
    ]
    for route, language in routes:
        if same(
            mark_of(older, route), mark_of(replace(following, head=replace_state(following, older)), route)
        ):
            kept += 1
            assert pages.page(older, route, language) == pages.page(following, route, language), route
    assert kept >= 3


def replace_state(view: View, older: View) -> object:
    return view.head._replace(state=older.head.state)


# --- search ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["horní lhota", "HORNI LHOTA", "  Horní   Lhota ", "horni-lhota"])
def test_a_search_finds_a_name_whatever_its_diacritics_and_capitals(
    views: dict[str, View], question: str
) -> None:
    found = Index(views["half"].territory).find(question)
    assert [each.name for each in found] == ["Horní Lhota"]


def test_whole_beginnings_of_names_are_found_first(views: dict[str, View]) -> None:
    names = [each.name for each in Index(views["half"].territory).find("lho")]
    assert names[0] == "Lhotsko"
    assert {"Horní Lhota", "Dolní Lhota"} <= set(names)


@settings(max_examples=20)
@given(st.text(max_size=80))
def test_any_question_is_answered_by_a_page_that_escapes_it(views: dict[str, View], question: str) -> None:
    shown = Pages().page(views["half"], Route("search"), Language.CZECH, question).decode()
    assert "<script>" not in shown.replace('<script src="', "")
    assert len(Outline(shown).tags) < 90


def test_markup_in_a_question_is_shown_as_text(views: dict[str, View]) -> None:
    question = '"><script>alert(1)</script>'
    shown = Pages().page(views["half"], Route("search"), Language.CZECH, question).decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown
    assert question in Outline(shown).text


def test_folding_leaves_letters_and_digits_alone() -> None:
    assert folded("Žďár nad Sázavou–2") == "zdar nad sazavou 2"


# --- words, map, assets ---------------------------------------------------------------------------------


def test_both_languages_have_the_same_sentences_with_the_same_places() -> None:
    cs, en = words(Language.CZECH), words(Language.ENGLISH)
    assert cs.known == en.known
    places = re.compile(r"\{[a-z]+\}")
    for key in sorted(cs.known):
        one, other = cs._texts[key], en._texts[key]
        assert isinstance(one, str) is isinstance(other, str)
        if isinstance(one, str) and isinstance(other, str):
            assert sorted(places.findall(one)) == sorted(places.findall(other)), key
        else:
            assert (len(one), len(other)) == (3, 2)


def test_every_sentence_is_used_somewhere() -> None:
    from app import resources

    used = "".join(each.read_text("utf-8") for each in resources.path("web", "pages").glob("*.html"))
    code = resources.path().parent / "app" / "central" / "pages"
    used += "".join(each.read_text("utf-8") for each in code.glob("*.py"))
    families = ("contest_", "election_", "act_", "nav_", "kind_", "precinct_")
    assert [key for key in CZECH.known if f'"{key}"' not in used and not key.startswith(families)
            and f"'{key}'" not in used] == []  # fmt: skip


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1 mandát"), (3, "3 mandáty"), (5, "5 mandátů"), (0, "0 mandátů")]
)
def test_a_noun_follows_its_number(number: int, text: str) -> None:
    assert CZECH.of("seats_of", number) == text


def test_every_region_and_district_has_a_tile_of_its_own() -> None:
    import csv

    from app import resources

    for kind, name, column in (("KRAJ", "regions.csv", "KRZAST"), ("OKRES", "districts.csv", "OKRES")):
        with resources.path("facts", name).open(encoding="utf-8") as stream:
            codes = {int(row[column]) for row in csv.DictReader(stream)}
        tiles = maps.tiles(kind)
        assert codes == {tile.code for tile in tiles} - {0}
        assert len({(tile.row, tile.column) for tile in tiles}) == len(tiles) == len({t.sign for t in tiles})


def test_a_tile_is_as_full_as_what_is_processed() -> None:
    drawn = maps.drawn(
        "KRAJ", lambda code: maps.Said("x", "/", "", {1: "0.00", 2: "24.99", 3: "99.99"}.get(code, "100.00"))
    )
    assert drawn is not None
    strengths = {tile.sign: tile.strength for tile in drawn.tiles}
    assert (strengths["SČ"], strengths["JČ"], strengths["PL"], strengths["MS"]) == (0, 1, 4, 5)


def test_what_a_first_visit_loads_is_small(views: dict[str, View]) -> None:
    import brotli

    first = [page(views["full"], "/").encode(), *assets().values()]
    assert sum(len(brotli.compress(each, quality=5)) for each in first) < 50_000
