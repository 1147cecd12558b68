"""`prebirka verify`: does what was published agree with itself, down to the last precinct and signature?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.trust.anchors import Anchors
    from app.verify import Difference, Report, Source, Unreadable

app = typer.Typer(add_completion=False, rich_markup_mode="rich")

DIFFERENT = 1
UNREADABLE = 3
UNSIGNED = 4
_PHASES = {
    "files": "soubory · files",
    "changes": "změny · changes",
    "documents": "výsledky · results",
}


@app.command()
def verify(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="Zveřejněná složka (public, nebo její kopie), nebo adresa rozcestníku index.xml.\n"
            "[dim]A published folder (public, or a copy), or the address of an index.xml.[/dim]",
        ),
    ],
    ca: Annotated[
        Path | None,
        typer.Option(
            "--ca",
            metavar="FILE",
            help="Certifikát volební autority (PEM); bez něj se podpisy neověří.\n"
            "[dim]The election authority's certificate (PEM); without it signatures are not checked.[/dim]",
        ),
    ] = None,
    version: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Jen tato verze; jinak výsledky poslední a soubory všech.\n"
            "[dim]This version only; else the results of the last and the files of all.[/dim]",
        ),
    ] = None,
    election: Annotated[
        str, typer.Option(help="Které volby, je-li jich víc.\n[dim]Which election, if several.[/dim]")
    ] = "",
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Jen návratový kód a rozdíl. · Only exit status and difference.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Zpráva pro programy. · The report for programs.")
    ] = False,
) -> None:
    """Ověří zveřejněné výsledky: soubory, podpisy, řetěz změn, součty, procenta, mandáty.

    [dim]Verifies published results: files, signatures, the chain of changes, sums, percentages, seats.[/dim]

    Vše se přepočítá ze zápisů okrsků kódem, který s ústředím nemá nic společného; jmenuje se první rozdíl.
    [dim]Everything is recomputed from the precincts' protocols by code that shares nothing with the centre;
    the first difference is named.[/dim]

    Návratový kód 0: vše souhlasí; 1: rozdíl; 2: chybné zadání; 3: zdroj nelze přečíst; 4: souhlasí, ale
    podpisy se bez --ca neověřily.
    [dim]Exit status 0: everything agrees; 1: a difference; 2: wrong usage; 3: the source cannot be read;
    4: it agrees, but without --ca signatures were not checked.[/dim]

    Příklad · Example: prebirka verify public/ --ca ca.pem
    """
    from app import verify as verification
    from app.heap import without_collections

    anchors = _anchors(ca)
    report = verification.Report()
    try:
        shown = not (quiet or as_json)
        with (
            closing(_open(source, election, ca)) as opened,
            _progress(shown=shown) as report.tell,
            without_collections(),
        ):
            verification.verify(opened, anchors, verification.Wanted(version, election), report)
    except verification.Difference as difference:
        _print(report, difference, quiet, as_json)
        raise typer.Exit(DIFFERENT) from None
    except verification.Unreadable as trouble:
        _print(report, trouble, quiet, as_json)
        raise typer.Exit(UNREADABLE) from None
    _print(report, None, quiet, as_json)
    if not report.signed:
        raise typer.Exit(UNSIGNED)


def _anchors(ca: Path | None) -> Anchors | None:
    """The pinned authority; a file that is no such thing is wrong usage, KnownError VER-04."""
    from app.trust.anchors import Anchors
    from app.trust.certificate import CertificateTrouble
    from app.verify import Unreadable

    if ca is None:
        return None
    try:
        return Anchors.from_pem(ca.read_bytes())
    except OSError as error:
        raise Unreadable(
            "VER-04",
            f"Soubor {ca} (--ca) nelze přečíst: {error.strerror}.",
            f"The file {ca} (--ca) cannot be read: {error.strerror}.",
        ) from error
    except CertificateTrouble as error:
        raise Unreadable("VER-04", f"--ca {ca}: {error.cs}", f"--ca {ca}: {error.en}") from error


def _open(source: str, election: str, ca: Path | None) -> Source:
    from app.verify import Folder, Web

    if source.startswith(("http://", "https://")):
        return Web(source, election, ca)
    return Folder(Path(source))


@contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each phase on standard error, on a terminal only."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not (shown and console.is_terminal)) as bars:
        tasks = {name: bars.add_task(words, total=None) for name, words in _PHASES.items()}
        yield lambda phase, done, of: bars.update(tasks[phase], completed=done, total=of)


def _print(report: Report, trouble: Difference | Unreadable | None, quiet: bool, as_json: bool) -> None:
    if as_json:
        print(json.dumps(_as_json(report, trouble), ensure_ascii=False))
        return
    if not quiet:
        _print_report(report)
    if trouble is not None:
        print(f"{_headline(trouble)}\n{trouble.cs}\n{trouble.en} [{trouble.code}]")
    elif not quiet:
        print("Vše souhlasí. · Everything agrees.")


def _headline(trouble: Difference | Unreadable) -> str:
    from app.verify import Difference

    if isinstance(trouble, Difference):
        return "První rozdíl · First difference:"
    return "Nelze přečíst · Cannot be read:"


def _print_report(report: Report) -> None:
    from app.verify.report import COUNTED

    if report.election:
        mode = "ZKOUŠKA · REHEARSAL" if report.mode == "ZKOUSKA" else "ostrý provoz · live"
        print(f"{report.election}, {mode}, verze · version {report.version}")
    for what, (cs, en) in COUNTED.items():
        if report.counts[what]:
            print(f"  {cs} · {en}: {report.counts[what]}")
    if report.root:
        print(f"  kořen změn · root of changes: {report.root}")
    for cs, en in report.notes:
        print(f"{cs}\n{en}")


def _as_json(report: Report, trouble: Difference | Unreadable | None) -> dict[str, object]:
    from app.verify import Difference

    told: dict[str, object] = {
        "election": report.election,
        "mode": report.mode,
        "version": report.version,
        "root": report.root,
        "signatures_checked": report.signed,
        "checked": dict(report.counts),
        "notes": [en for _, en in report.notes],
        "agrees": trouble is None,
    }
    if trouble is not None:
        told["trouble"] = {"code": trouble.code, "cs": trouble.cs, "en": trouble.en}
    if isinstance(trouble, Difference):
        named = {"file": trouble.file, "place": trouble.place, "said": trouble.said, "found": trouble.found}
        told["difference"] = named
    return told
