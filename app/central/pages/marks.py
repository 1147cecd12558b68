"""What a page rests on, so that nobody makes it again while that is the same.

A mark is a tuple of objects that a version takes over from the one before where nothing changed; two marks
are equal when each object is the very same. A page whose mark is the same has the same bytes.
"""

from __future__ import annotations

from app.central.pages.routes import Route
from app.central.pages.view import View
from app.election.model import PrecinctId, ProtocolKey

Mark = tuple[object, ...]


def mark_of(view: View, route: Route) -> Mark:
    """The mark of a page; of one that tells of the whole country it is the version itself."""
    shown = view.is_open, view.is_complete, view.territory
    match route.kind:
        case "places" | "letter" | "search":
            return shown
        case "district":
            return (*shown, view.files.get(view.district_path(route.word("nuts"))))
        case "list":
            return (*shown, view.files.get(view.results_path), view.files.get(view.preferred_path))
        case "precinct":
            wanted = PrecinctId(route.number("code"), route.number("number"))
            return (*shown, *_entries(view, wanted))
        case "municipality":
            return (*shown, *_municipality(view, route.number("code")))
    return (view.token,)


def same(first: Mark, second: Mark) -> bool:
    """Whether two marks are of one state."""
    return len(first) == len(second) and all(a is b for a, b in zip(first, second, strict=True))


def _municipality(view: View, code: int) -> Mark:
    """Its district's document, those of its Senate districts, and what each precinct has."""
    own = view.territory.parts_of(code)
    districts = {each.district for each in own}
    places = [place for each in own for place in view.territory.of_municipality.get(each.code, [])]
    senate = sorted({place.senate_district for place in places if place.senate_district})
    paths = [view.district_path(view.territory.districts[each].nuts) for each in sorted(districts)]
    paths += [view.senate_path(number) for number in senate]
    entries = (entry for place in places for entry in _entries(view, place.id))
    return (*(view.files.get(path) for path in paths), *entries)


def _entries(view: View, precinct: PrecinctId) -> Mark:
    return tuple(view.history.entries.get(ProtocolKey(precinct, contest)) for contest in view.contests)
