"""`prebirka rehearse`: a whole election night on this machine, invented or replayed, with a verdict."""

from __future__ import annotations

import secrets
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands import rehearsal_rounds
from app.commands.lost_report import run_lost
from app.commands.night_report import report
from app.election.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console
    from rich.status import Status

    from app.rehearsal.clerk import Work
    from app.rehearsal.judgement import Outcome, Scene
    from app.rehearsal.kills import Kills

    Told = Callable[[str], None]
    #: nights by name, each set when the one before is over
    Settings = list[tuple[str, Callable[[Told], Scene]]]

#: Of a joint rehearsal: names of the two nights, and of their folders under --out.
ROUNDS = ("kolo1", "kolo2")

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


app.command()(rehearsal_rounds.tasks)
app.command()(rehearsal_rounds.judge)


@app.callback(
    invoke_without_command=True,
    help=(
        "Celá volební noc na tomto počítači: ústředí a přebírací místa jako skutečné procesy.\n\n"
        "Bez --replay se volby vymyslí ze semínka (--seed) a asi 3 % zápisů mají uvěřitelné chyby. "
        "S --replay DIR se přehraje skutečná noc z otevřených dat ČSÚ a každá zveřejněná hodnota se porovná "
        "s úřední. Skončí stavem 0, jen když se všechno shoduje.\n\n"
        "[dim]A whole election night on this machine: the centre and the transfer points as real processes. "
        "Without --replay the election is invented from a seed; with --replay DIR a real night is replayed "
        "from open data and every published value is compared with the official one. Exit status 0 only if "
        "all are equal.[/dim]"
    ),
)
def rehearse(
    context: typer.Context,
    stations: Annotated[
        int | None, typer.Option(min=1, help="Počet přebíracích míst. · Number of transfer points.")
    ] = None,
    precincts: Annotated[
        int, typer.Option(min=1, max=20_000, help="Počet okrsků. · Number of precincts.")
    ] = 1_000,
    seed: Annotated[
        str,
        typer.Option(help="Semínko: stejné dá stejné volby; s --faults i jeden běh, třeba 2024/17. · Seed."),
    ] = "2024",
    replay: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Složka otevřených dat jedné volby (kzt6, kzt6p, číselníky, vysledky). · Open data.",
        ),
    ] = None,
    senate: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="K přehrání společné noci: úřední výsledek Senátu; jeho zápisy se vymyslí tak, aby daly týž "
            "součet, a po 1. kole proběhne 2. · The Senate's official result: a joint night, then round 2.",
        ),
    ] = None,
    regions: Annotated[
        str,
        typer.Option(
            help="Kraje k přehrání, např. 3,4,6,7,12; bez udání všechny, které mají listy. · Regions."
        ),
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Sem uložit zveřejněné soubory. · Keep what was published."),
    ] = None,
    kills: Annotated[
        int,
        typer.Option(
            min=0,
            help="Tolikrát v noci zabít ústředí nebo přebírací místa a spustit je znovu. · Kill processes.",
        ),
    ] = 0,
    kills_seed: Annotated[
        int | None,
        typer.Option(help="Semínko okamžiků zabití; jinak náhodné. · Seed of the moments of killing."),
    ] = None,
    faults: Annotated[
        bool,
        typer.Option(
            "--faults",
            help="Místo noci mnoho malých běhů se závadami na lince, zabíjením, plným diskem, hodinami a "
            "převrácenými bity. · Many small runs with faults instead.",
        ),
    ] = False,
    lose_centre: Annotated[
        bool,
        typer.Option(
            "--lose-centre",
            help="Po noci dvakrát ztratit databázi ústředí a obnovit ji: ze zálohy a jen ze stanic. "
            "· Lose the centre's database twice and rebuild it: from a backup, and from stations alone.",
        ),
    ] = False,
    runs: Annotated[
        int, typer.Option(min=1, help="Kolik běhů se závadami. · How many runs with faults.")
    ] = 100,
    floor: Annotated[
        bool,
        typer.Option(help="Změřit i podlahu: holé knihovny na stejných datech. · Measure the floor too."),
    ] = True,
) -> None:
    if context.invoked_subcommand is not None:
        return
    from rich.console import Console

    from app.rehearsal import generator, night
    from app.rehearsal.kills import Kills

    if faults:
        from app.commands.faults_report import run_faults

        run_faults(Console(), seed, runs)
        return
    _check_together(replay, regions, senate)
    wanted = _regions(regions)
    if out is not None:
        night.check_empty(out)
    plan_of_kills = None
    if kills:
        plan_of_kills = Kills(kills, secrets.randbelow(1_000_000) if kills_seed is None else kills_seed)
    console = Console()
    right = True
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="prebirka-")))
        now = datetime.now(UTC)
        if replay is None:
            plan = generator.Plan(seed=_number(seed), precincts=precincts, stations=stations)
            settings: Settings = [("", lambda told: night.invented_night(folder, plan, now, told))]
        elif senate is None:
            settings = [("", lambda told: night.replayed_night(folder, replay, wanted, now, told))]
        else:
            settings = _two_rounds(folder, replay, senate, wanted, now)
        for name, set_scene in settings:
            with console.status("připravuje se · preparing") as status:
                scene = set_scene(partial(_tell, status))
            if lose_centre:
                right = run_lost(console, scene) and right
                continue
            outcome = _run(console, scene, plan_of_kills)
            measured = None
            if floor:
                with console.status("měří se podlaha · measuring the floor"):
                    measured = night.measured_floor(scene)
            if out is not None:
                night.keep_published(scene, out / name)
            report(console, outcome, measured, name)
            right = right and outcome.right
    if not right:
        raise typer.Exit(1)


def _tell(status: Status, what: str) -> None:
    status.update(f"připravuje se: {what}")


def _check_together(replay: Path | None, regions: str, senate: Path | None) -> None:
    """Raises KnownError for options that say nothing without the replay of a real night."""
    if replay is not None:
        return
    if regions:
        raise KnownError(
            "REH-08",
            "Kraje (--regions) lze vybrat jen u přehrání skutečné noci. Přidejte --replay SLOŽKA.",
            "Regions can be chosen only for the replay of a real night. Add --replay FOLDER.",
        )
    if senate is not None:
        raise KnownError(
            "REH-13",
            "Výsledek Senátu (--senate) patří k přehrání skutečné noci. Přidejte --replay SLOŽKA.",
            "A Senate's result (--senate) belongs to the replay of a real night. Add --replay FOLDER.",
        )


def _two_rounds(
    folder: Path, data: Path, senate: Path, wanted: tuple[int, ...] | None, now: datetime
) -> Settings:
    """A joint night, and a week later the Senate's round 2 between those whom the first one published."""
    from app.rehearsal import senate_night

    nights: list[Scene] = []

    def first(told: Told) -> Scene:
        nights.append(senate_night.joint_night(folder / ROUNDS[0], data, senate, wanted, now, told))
        return nights[0]

    def second(told: Told) -> Scene:
        return senate_night.second_night(folder / ROUNDS[1], nights[0], data, now, told)

    return list(zip(ROUNDS, (first, second), strict=True))


def _number(seed: str) -> int:
    """The seed of a whole night. Raises KnownError for one that is no number."""
    if seed.removeprefix("-").isdecimal():
        return int(seed)
    raise KnownError(
        "REH-10",
        f"Semínko „{seed}“ není číslo. Zadejte číslo, například 2024.",
        f"The seed “{seed}” is not a number. Give a number, for example 2024.",
    )


def _regions(text: str) -> tuple[int, ...] | None:
    """The regions wanted; None for all of which there are sheets."""
    if not text.strip():
        return None
    try:
        return tuple(sorted({int(part) for part in text.split(",")}))
    except ValueError:
        raise KnownError(
            "REH-02",
            f"Kraje „{text}“ nelze přečíst. Napište čísla oddělená čárkami, například 3,4,12.",
            f"The regions “{text}” cannot be read. Give numbers with commas between, such as 3,4,12.",
        ) from None


def _run(console: Console, scene: Scene, kills: Kills | None) -> Outcome:
    """Run the night under a live progress bar."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    from app.rehearsal.night import Night

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("odmítnuto {task.fields[refused]}, opraveno {task.fields[corrected]}"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=console) as bar:
        task = bar.add_task("převzato zápisů", total=scene.protocols, refused=0, corrected=0)

        def heard(progress: Work) -> None:
            bar.update(
                task,
                completed=progress.accepted,
                refused=progress.refused,
                corrected=progress.corrected,
            )

        return Night(scene, heard, kills).run()
