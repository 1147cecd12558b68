"""`prebirka central act`: what people decide or declare about results, recorded as signed acts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.central import spoken
from app.central.spoken import precinct_of
from app.commands.passphrase import unlock
from app.election.model import Contest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.central.centre import Clock
    from app.central.judging import Wanted
    from app.documents.act import Act
    from app.election.reference import Reference
    from app.election.tally import ElectionTally

#: How many missing precincts a line of the status names.
_NAMED = 5

app = typer.Typer(
    help="Úkony lidí: los, náhrada finalisty, nedodaný zápis, úplnost, odvolání výsledku.\n\n"
    "[dim]Acts of people: lots, replaced finalists, protocols never delivered, completeness, "
    "withdrawals.[/dim]\n\n"
    "Postup: 1. [bold]status[/bold] ukáže, kde se čeká na lidi a co chybí, 2. rozhodnutí se učiní podle "
    "zákona a sepíše, 3. příkaz je zaznamená; podepíše je klíčem ústředí a uvede, kdo rozhodl (--by), kdo "
    "byl při tom (--witness) a proč (--reason). Platí hned i v běžícím ústředí. Nic se nemaže: omyl se "
    "ruší dalším úkonem ([bold]cancel[/bold]).\n"
    "[dim]The way: 1. status shows what waits for people and what is missing, 2. the decision is made as the "
    "law says and written down, 3. the command records it, signed by the centre's key, with who decided, who "
    "was present and why. It holds at once, at a running centre too. Nothing is deleted: a mistake is undone "
    "by another act (cancel).[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Složka ústředí.\n[dim]The centre's folder.[/dim]")
]
ContestName = Annotated[
    Contest, typer.Argument(metavar="KZ|SE1|SE2", help="Druh volby.\n[dim]The contest.[/dim]")
]
Precinct = Annotated[
    str,
    typer.Argument(
        metavar="OBEC/OKRSEK", help="Okrsek, například 550001/3.\n[dim]Precinct, such as 550001/3.[/dim]"
    ),
]
By = Annotated[
    list[str],
    typer.Option(
        "--by", help="Kdo rozhodl nebo losoval; i vícekrát.\n[dim]Who decided or drew; may be repeated.[/dim]"
    ),
]
Witness = Annotated[
    list[str] | None,
    typer.Option("--witness", help="Kdo byl při tom; i vícekrát.\n[dim]Who was present.[/dim]"),
]
Reason = Annotated[
    str, typer.Option(help="Proč; zůstane v úkonu i v deníku.\n[dim]Why; it stays in both.[/dim]")
]
_WORDS = {
    "LOS": "los · lot",
    "ROZHODNUTI": "mandáty · seats",
    "NAHRADA": "náhrada · finalist left",
    "NEDODANO": "nedodáno · never delivered",
    "UPLNOST": "úplnost · complete",
    "ODVOLANI": "odvolání · withdrawn",
    "ZRUSENI": "zrušení · undone",
}


@app.command()
def lot(
    folder: Folder,
    contest: ContestName,
    area: Annotated[
        int,
        typer.Argument(
            metavar="KRAJ|OBVOD", help="Číslo kraje nebo obvodu.\n[dim]Region's or district's number.[/dim]"
        ),
    ],
    order: Annotated[
        str,
        typer.Option(
            help="Vylosovaná čísla v pořadí, například 3,1.\n[dim]Numbers in the order drawn, as 3,1.[/dim]"
        ),
    ],
    by: By,
    reason: Reason,
    witness: Witness = None,
) -> None:
    """Zaznamená los mezi kandidátními listinami nebo kandidáty se stejným počtem hlasů.

    [dim]Records a lot drawn between lists or candidates with equal votes.[/dim]

    Losují lidé; program los jen zaznamená a použije. Kdo losuje mezi kým a o kolik míst, ukáže status.
    Příklad: prebirka central act lot ustredi SE1 14 --order 3,2 --by "Jana Nová" --witness "Petr Starý"
    --reason "rovnost hlasů o druhé místo"
    [dim]People draw; the program records it and goes on. Between whom and for how many places: status.[/dim]
    """
    from app.central.judging import Wanted
    from app.documents.act import Kind

    kind = "senate" if contest.is_senate else "region"
    _give(folder, Wanted(Kind.LOT, contest, kind, area, numbers=spoken.numbers(order)), by, witness, reason)


@app.command()
def seats(
    folder: Folder,
    area: Annotated[int, typer.Argument(metavar="KRAJ", help="Číslo kraje.\n[dim]The region's.[/dim]")],
    given: Annotated[
        str,
        typer.Option(
            "--seats",
            help="Mandáty listin, například 7:40,12:5.\n[dim]Seats by list, such as 7:40,12:5.[/dim]",
        ),
    ],
    by: By,
    reason: Reason,
    witness: Witness = None,
) -> None:
    """Zaznamená mandáty kraje tam, kde je hlasy nedají (málo listin nad klauzulí, málo kandidátů).

    [dim]Records a region's seats where votes do not give them (too few lists or candidates).[/dim]

    Příklad: prebirka central act seats ustredi 3 --seats 7:40,12:5 --by "Jana Nová" --reason "usnesení č. 4"
    """
    from app.central.judging import Wanted
    from app.documents.act import Kind

    pairs = spoken.seats(given)
    _give(folder, Wanted(Kind.SEATS, Contest.REGIONAL, "region", area, seats=pairs), by, witness, reason)


@app.command()
def replace(
    folder: Folder,
    area: Annotated[
        int, typer.Argument(metavar="OBVOD", help="Senátní obvod.\n[dim]The Senate district.[/dim]")
    ],
    candidate: Annotated[
        int, typer.Argument(metavar="KANDIDÁT", help="Číslo finalisty.\n[dim]The finalist's number.[/dim]")
    ],
    by: By,
    reason: Reason,
    witness: Witness = None,
) -> None:
    """Zaznamená, že finalista odstoupil, ztratil volitelnost nebo zemřel; postupuje další v pořadí.

    [dim]Records that a finalist withdrew, lost eligibility or died; the next in the order advances.[/dim]

    Druhé kolo v obvodu je pak třináctý den po prvním. Je-li dalších se stejným počtem hlasů víc, bude
    třeba los (status).
    Příklad: prebirka central act replace ustredi 14 3 --by "Jana Nová" --reason "vzdal se kandidatury"
    [dim]Round 2 in the district is then on the 13th day. Equal votes of the next ones ask for a lot.[/dim]
    """
    from app.central.judging import Wanted
    from app.documents.act import Kind

    wanted = Wanted(Kind.LEFT, Contest.SENATE_ROUND_1, "senate", area, numbers=(candidate,))
    _give(folder, wanted, by, witness, reason)


@app.command()
def never(
    folder: Folder,
    precinct: Precinct,
    contest: ContestName,
    by: By,
    reason: Reason,
    witness: Witness = None,
) -> None:
    """Prohlásí, že zápis okrsku nebude nikdy dodán. Počítá se zvlášť a na výsledek se už nečeká.

    [dim]Declares that a precinct's protocol will never be delivered: counted apart, waited for no more.[/dim]

    Přijde-li zápis přece, započítá se a prohlášení pozbude platnosti.
    Příklad: prebirka central act never ustredi 550001/3 KZ --by "Jana Nová" --reason "okrsek nehlasoval"
    [dim]If it comes after all, it counts and the declaration falls.[/dim]
    """
    from app.central.judging import Wanted
    from app.documents.act import Kind

    wanted = Wanted(Kind.NEVER, contest, precinct=precinct_of(precinct))
    _give(folder, wanted, by, witness, reason)


@app.command()
def withdraw(
    folder: Folder,
    precinct: Precinct,
    contest: ContestName,
    by: By,
    reason: Reason,
    witness: Witness = None,
) -> None:
    """Odvolá započítaný výsledek okrsku: součty klesnou, okrsek zase chybí.

    [dim]Withdraws a precinct's counted result: the sums fall, the precinct is missing again.[/dim]

    Nic se nemaže; v dávkách okrsků se okrsek zveřejní znovu, s nulami. Zavolejte na přebírací místo:
    správný zápis pošle jako opravu (nová verze) a tím se zase započítá. Odvolání se neruší.
    Příklad: prebirka central act withdraw ustredi 550001/3 KZ --by "Jana Nová" --reason "zápis jiného okrsku"
    [dim]Nothing is deleted; the batches show the precinct again, with zeros. Call the transfer point: it
    sends the right protocol as a correction, which counts again. A withdrawal is not undone.[/dim]
    """
    from app.central.judging import Wanted
    from app.documents.act import Kind

    wanted = Wanted(Kind.WITHDRAWAL, contest, precinct=precinct_of(precinct))
    _give(folder, wanted, by, witness, reason)


@app.command()
def declare(
    folder: Folder,
    contest: ContestName,
    by: By,
    reason: Reason,
    region: Annotated[int, typer.Option(help="Kraj.\n[dim]A region.[/dim]")] = 0,
    district: Annotated[str, typer.Option(help="Okres, CZ0201.\n[dim]A district, CZ0201.[/dim]")] = "",
    senate: Annotated[int, typer.Option(help="Senátní obvod.\n[dim]A Senate district.[/dim]")] = 0,
    country: Annotated[bool, typer.Option("--country", help="Celek.\n[dim]The country.[/dim]")] = False,
    witness: Witness = None,
) -> None:
    """Prohlásí výsledek kraje, okresu, senátního obvodu nebo celku za úplný.

    [dim]Declares the result of a region, district, Senate district or the country complete.[/dim]

    Chybí-li zápis a není prohlášen za nedodaný, příkaz odmítne a vypíše, co chybí (CEN-47).
    Příklad: prebirka central act declare ustredi KZ --region 3 --by "Jana Nová" --reason "zkontrolováno"
    [dim]Refused while a protocol is missing and not declared as never delivered (CEN-47).[/dim]
    """
    from app.central.judging import Wanted
    from app.documents.act import Kind

    chosen = [bool(region), bool(district), bool(senate), country]
    if sum(chosen) != 1:
        raise spoken.unclear("--region, --district, --senate, --country")
    kind = ("region", "district", "senate", "country")[chosen.index(True)]
    number = _district(folder, district) if district else region or senate
    _give(folder, Wanted(Kind.COMPLETE, contest, kind, number), by, witness, reason)


@app.command()
def cancel(
    folder: Folder,
    number: Annotated[
        int, typer.Argument(metavar="ČÍSLO", help="Číslo úkonu (list).\n[dim]The act's number.[/dim]")
    ],
    by: By,
    reason: Reason,
    witness: Witness = None,
) -> None:
    """Zruší úkon podle čísla. Zůstane zapsán; jen už neplatí. Odvolání výsledku zrušit nelze.

    [dim]Undoes an act by its number. It stays on record and holds no longer; not for withdrawals.[/dim]

    Příklad: prebirka central act cancel ustredi 7 --by "Jana Nová" --reason "zapsán jiný obvod"
    """
    from app.central.judging import Wanted
    from app.documents.act import Kind

    _give(folder, Wanted(Kind.CANCEL, Contest.REGIONAL, cancels=number), by, witness, reason)


@app.command(name="list")
def list_(folder: Folder) -> None:
    """Vypíše všechny úkony: číslo, druh, čeho se týká, platí-li, čas, kdo a proč.

    [dim]Lists all acts: number, kind, what about, whether in force, time, who and why.[/dim]
    """
    from app.central.centre import books_of

    books = books_of(folder, _clock(folder))
    in_force = {act.number for act in books.ledger.in_force()}
    for given in books.acts:
        act = given.act
        state = "platí · in force" if act.number in in_force else "neplatí · not in force"
        if act.cancels:
            state = f"zrušen č. · undone No. {act.cancels}"
        people = "; ".join(act.decided_by)
        print(f"{act.number}\t{_WORDS[act.kind]}\t{_about(act)}\t{state}\t{act.at}\t{people}\t{act.reason}")
    if not books.acts:
        print("Žádný úkon zatím není. · There is no act yet.")


@app.command()
def status(folder: Folder) -> None:
    """Ukáže, kde se čeká na lidi: chybějící zápisy, nedodané, rozhodnutí, prohlášená úplnost.

    [dim]Shows what waits for people: missing and never delivered protocols, decisions, completeness.[/dim]

    Stav 1: někde se čeká na rozhodnutí.
    [dim]Exit status 1: some area waits for a decision.[/dim]
    """
    from app.central.centre import books_of

    books = books_of(folder, _clock(folder))
    for contest, count in books.counts.items():
        country = count.tally.country
        missing = country.precincts_expected - country.precincts_processed - country.never
        print(
            f"{contest}: {country.precincts_processed} / {country.precincts_expected} okrsků · precincts, "
            f"nebude dodáno · never delivered: {country.never}, chybí · missing: {missing}"
        )
        for line in _missing(books.reference, count.tally):
            print(line)
        declared = sorted(
            f"{area} {number}".removesuffix(" 0")
            for of, area, number in count.decisions.declared
            if of is contest
        )
        if declared:
            print(f"  prohlášeno za úplné · declared complete: {', '.join(declared)}")
    waiting = books.undecided()
    for each in waiting:
        print(f"ČEKÁ NA ROZHODNUTÍ · WAITS FOR A DECISION\n  {each.cs}\n  {each.en}")
    if waiting:
        raise typer.Exit(1)


def _missing(reference: Reference, tally: ElectionTally) -> Iterator[str]:
    """One line for each region or Senate district from which something is missing."""
    places = [("region", "kraj · region", number, reference.regions[number].name) for number in tally.region]
    places += [
        ("senate", "obvod · district", number, reference.senate_districts[number].name)
        for number in tally.senate_district
    ]
    for kind, words, number, name in sorted(places):
        missing = tally.missing_in(kind, number)
        if missing:
            named = ", ".join(map(str, missing[:_NAMED])) + (", …" if len(missing) > _NAMED else "")
            yield f"  {words} {number} {name}: chybí · missing: {len(missing)} ({named})"


def _give(folder: Path, wanted: Wanted, by: list[str], witness: list[str] | None, reason: str) -> None:
    from app.central.acts import People
    from app.central.centre import give_act
    from app.central.settings import CentreFolder

    people = People(tuple(by), tuple(witness or ()), reason)
    act = give_act(folder, wanted, people, _clock(folder), unlock(CentreFolder(folder).key))
    print(f"Úkon č. {act.number} · Act No. {act.number}: {_WORDS[act.kind]} {_about(act)}")


def _clock(folder: Path) -> Clock:
    from app.central.settings import CentreFolder, load

    offset = timedelta(seconds=load(CentreFolder(folder)).clock_offset_seconds)
    return lambda: datetime.now(UTC) + offset


def _about(act: Act) -> str:
    """What an act is about, in few words."""
    if act.cancels:
        return f"č. · No. {act.cancels}"
    if act.precinct is not None:
        return f"{act.contest} {act.precinct}"
    place = f"{act.contest} {act.area} {act.area_number}".removesuffix(" 0")
    numbers = ", ".join(map(str, act.numbers)) or ", ".join(f"{number}:{won}" for number, won in act.seats)
    return f"{place}: {numbers}" if numbers else place


def _district(folder: Path, nuts: str) -> int:
    from app.central.centre import reference_of

    known = reference_of(folder, _clock(folder)).district_by_nuts
    if nuts.upper() not in known:
        raise spoken.unclear(f"--district {nuts}")
    return known[nuts.upper()].code
