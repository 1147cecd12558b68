"""Invented names for a fictional election: municipalities, people, lists, occupations of nobody.

Words are common Czech ones combined by a seeded generator. Lists are invented on purpose, so that a
rehearsal can never be mistaken for a poll about real parties.
"""

from __future__ import annotations

import random

_PLACE_FIRST = ("Horní", "Dolní", "Nová", "Stará", "Velká", "Malá", "Dlouhá", "Suchá", "Bílá", "Červená")
_PLACE_SECOND = (
    "Lípa", "Bříza", "Studánka", "Lhotka", "Doubrava", "Skála", "Ves", "Hůrka", "Říčka", "Jabloň",
    "Louka", "Mlýnice", "Zátoka", "Hájenka", "Olšina", "Paseka", "Třešně", "Vrbina", "Kamenice", "Šťáhlava",
)  # fmt: skip
_PLACE_SINGLE = (
    "Žďárek", "Křepelov", "Čejkov", "Svatošín", "Tůmov", "Řeřichov", "Kněžice", "Mokřany", "Chrpov",
    "Únětín", "Pěnkavov", "Jestřábí", "Ďáblov", "Mateřídoušky", "Šípkov", "Rákosí", "Ostružná", "Borůvkov",
    "Hvozdec", "Oldřín",
)  # fmt: skip
_PLACE_TAIL = ("", "", "", " nad Potokem", " pod Lesem", " u Mostu", " na Stráni", " v Údolí")

_MEN = (
    "Jiří",
    "Jan",
    "Petr",
    "Tomáš",
    "Zdeněk",
    "Ondřej",
    "Matěj",
    "Řehoř",
    "Bořivoj",
    "Vojtěch",
    "Lukáš",
    "Aleš",
)
_WOMEN = (
    "Jana",
    "Eva",
    "Hana",
    "Růžena",
    "Kateřina",
    "Zdeňka",
    "Žofie",
    "Ludmila",
    "Markéta",
    "Alžběta",
    "Věra",
)
_SURNAMES = (
    ("Dvořáček", "Dvořáčková"), ("Příhoda", "Příhodová"), ("Šťastný", "Šťastná"), ("Kůrka", "Kůrková"),
    ("Hřebíček", "Hřebíčková"), ("Ježek", "Ježková"), ("Řezníček", "Řezníčková"), ("Čermák", "Čermáková"),
    ("Zelený", "Zelená"), ("Ťukal", "Ťukalová"), ("Ďurák", "Ďuráková"), ("Vávra", "Vávrová"),
    ("Mlynář", "Mlynářová"), ("Kopřiva", "Kopřivová"), ("Straka", "Straková"), ("Bláha", "Bláhová"),
    ("Sýkora", "Sýkorová"), ("Úlehla", "Úlehlová"), ("Pěnička", "Pěničková"), ("Hůlka", "Hůlková"),
)  # fmt: skip
_TITLES = ("", "", "", "", "Ing.", "Mgr.", "Bc.", "MUDr.", "JUDr.", "PhDr.", "RNDr.")
_TITLES_AFTER = ("", "", "", "", "", "", "", "Ph.D.", "MBA", "CSc.")

#: (whole name, name of at most 30 characters) of invented lists
LIST_NAMES = (
    ("Hnutí Lípa - pro obce a města", "Hnutí Lípa"),
    ("Společně pro náš kraj", "Společně pro náš kraj"),
    ("Sdružení venkovských knihoven", "Sdružení venkov. knihoven"),
    ("Modrá řeka", "Modrá řeka"),
    ("Kraj bez front", "Kraj bez front"),
    ("Strana klidných rán", "Strana klidných rán"),
    ("Otevřená radnice - \"Dveře dokořán\"", "Otevřená radnice"),
    ("Lesy, louky & lidé", "Lesy, louky & lidé"),
    ("Železnice do každého údolí", "Železnice do každého údolí"),
    ("Učitelé pro kraj", "Učitelé pro kraj"),
    ("Zdravý rozum z podhůří", "Zdravý rozum z podhůří"),
    ("Poctivá práce", "Poctivá práce"),
    ("Sousedé", "Sousedé"),
    ("Mladí zpátky domů", "Mladí zpátky domů"),
    ("Kulturní dům", "Kulturní dům"),
    ("Strana pěších a cyklistů", "Strana pěších a cyklistů"),
    ("Šetrné hospodaření", "Šetrné hospodaření"),
    ("Nezávislí z náměstí", "Nezávislí z náměstí"),
)  # fmt: skip


def municipality(rng: random.Random) -> str:
    """An invented name of a municipality, with the diacritics that a screen must show right."""
    if rng.random() < 0.4:
        return rng.choice(_PLACE_SINGLE) + rng.choice(_PLACE_TAIL)
    return f"{rng.choice(_PLACE_FIRST)} {rng.choice(_PLACE_SECOND)}{rng.choice(_PLACE_TAIL)}"


def person(rng: random.Random) -> tuple[str, str, str, str]:
    """(first name, last name, title before, title after) of an invented candidate."""
    surname = rng.choice(_SURNAMES)
    woman = rng.random() < 0.4
    first = rng.choice(_WOMEN if woman else _MEN)
    return first, surname[1 if woman else 0], rng.choice(_TITLES), rng.choice(_TITLES_AFTER)
