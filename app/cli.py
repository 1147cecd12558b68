"""The command `prebirka`: a table of its commands, each loaded only when it is called.

A clerk waits for the desk and a script calls one command, so the start of one must not pay for the
imports of the others (Qt, XML, SQL). The table below is all that `--help` needs; the module of a
command is imported when the command runs. A known trouble is told in one Czech and one English
sentence; anything else is a bug and shows its traceback.
"""

import importlib
import sys
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from app.election.errors import KnownError

KNOWN_ERROR_EXIT = 2


@dataclass(frozen=True)
class LazyCommand:
    """One line of the table: where the typer application of a command is, and what it does in a sentence."""

    target: str
    """`module:attribute` of a typer.Typer; with a single command it *is* the command, with more a group."""
    cs: str
    en: str

    @property
    def help(self) -> str:
        return f"{self.cs}\n[dim]{self.en}[/dim]"


COMMANDS: dict[str, LazyCommand] = {
    "demo": LazyCommand(
        "app.commands.demo:app",
        "Volební noc na zkoušku: ústředí, jedno přebírací místo a jeho okno.",
        "An election night to try: the centre, one transfer point and its window.",
    ),
    "rehearse": LazyCommand(
        "app.commands.rehearse:app",
        "Celá noc se simulovanými přebíracími místy, nebo přehrání skutečné.",
        "A whole night with simulated transfer points, or the replay of a real one.",
    ),
    "compare": LazyCommand(
        "app.commands.compare:app",
        "Porovná zveřejněné výsledky s úředními, hodnotu po hodnotě.",
        "Compares published results with the official ones, value by value.",
    ),
    "verify": LazyCommand(
        "app.commands.verify:app",
        "Ověří zveřejněné výsledky: podpisy, řetěz změn, součty, procenta, mandáty.",
        "Verifies published results: signatures, the chain of changes, sums, percentages, seats.",
    ),
    "desk": LazyCommand(
        "app.commands.desk:app",
        "Otevře okno přebíracího místa.",
        "Opens the window of a transfer point.",
    ),
    "station": LazyCommand(
        "app.commands.station:app",
        "Přebírací místo bez okna: založení, převzetí souboru, odesílání.",
        "A transfer point without a window: set-up, intake of a file, sending.",
    ),
    "readiness": LazyCommand(
        "app.commands.readiness:app",
        "Kontrola připravenosti přebíracího místa před volební nocí.",
        "Checks that a transfer point is ready for the election night.",
    ),
    "central": LazyCommand(
        "app.commands.central:app",
        "Ústředí: založení a provoz.",
        "The centre: set-up and operation.",
    ),
    "reference": LazyCommand(
        "app.commands.reference:app",
        "Číselníky voleb: sestavení z otevřených dat, podpis, ověření.",
        "Reference data of an election: built from open data, signed, verified.",
    ),
    "provision": LazyCommand(
        "app.commands.provision:app",
        "Balíčky pracovišť: jeden podepsaný soubor, ze kterého se stanice založí sama.",
        "Workstations' packages: one signed file from which a station sets itself up.",
    ),
    "trust": LazyCommand(
        "app.commands.trust:app",
        "Klíče a certifikáty: volební autorita a certifikáty míst.",
        "Keys and certificates: the election authority and the stations.",
    ),
    "check": LazyCommand(
        "app.commands.check:app",
        "Vyzkouší celou instalaci: okno, stránky, převzetí a odeslání zápisu.",
        "Tries the whole installation: window, pages, intake and sending of a protocol.",
    ),
    "licences": LazyCommand(
        "app.commands.licences:app",
        "Vypíše části programu a jejich licence.",
        "Lists the parts of the program and their licences.",
    ),
    "manual": LazyCommand(
        "app.commands.manual:app",
        "Příručka jako stránky HTML nebo PDF.",
        "The manual as HTML pages or PDF.",
    ),
    "version": LazyCommand(
        "app.commands.version:app",
        "Vypíše verzi programu.",
        "Prints the version of the program.",
    ),
}


class LazyGroup(TyperGroup):
    """The root command: lists its commands from the table and imports the one that is called."""

    _listing = False

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if self._listing:
            return TyperCommand(cmd_name, help=entry.help, rich_help_panel="Příkazy · Commands")
        return load(cmd_name)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self._listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._listing = False

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KnownError as error:
            if ctx.params.get("debug"):
                raise
            print(f"Chyba: {error.cs}\nError: {error.en} [{error.code}]", file=sys.stderr)
            raise typer.Exit(KNOWN_ERROR_EXIT) from None


def load(name: str) -> Any:
    """Import one command of the table, ready to run. A module that is missing is a bug and says so."""
    module_name, _, attribute = COMMANDS[name].target.partition(":")
    command = typer.main.get_command(getattr(importlib.import_module(module_name), attribute))
    command.name = name
    return command


root = typer.Typer(
    cls=LazyGroup,
    help="Přebírka: program volební noci, od přebíracího místa po zveřejněné výsledky.\n\n"
    "[dim]The program of a Czech election night, from the transfer point to the published results.[/dim]\n\n"
    "Začněte příkazem [bold]prebirka demo[/bold]; každý příkaz má svou nápovědu: prebirka PŘÍKAZ --help.\n"
    "[dim]Begin with prebirka demo; each command has its own help.[/dim]",
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they print the values of variables, and a key may be one of them
)


@root.callback()
def options(
    debug: bool = typer.Option(
        False,
        "--debug",
        envvar="PREBIRKA_DEBUG",
        help="Při známé chybě ukázat i místo v programu.\n[dim]Show the traceback of known errors too.[/dim]",
    ),
) -> None:
    """What holds for every command; read by `LazyGroup.invoke`."""


def main() -> None:
    """The entry of the command `prebirka`."""
    root()
