"""`prebirka central media`: the register of the media and the line that they read from."""

from __future__ import annotations

import typer

from app.commands import central_media_rehearse, central_media_serve

app = typer.Typer(
    help="Média: rejstřík žádostí a linka, ze které čtou.\n\n"
    "[dim]The media: the register of applications, and the line that they read from.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)
app.command()(central_media_serve.serve)
app.command()(central_media_rehearse.rehearse)
app.command(name="export")(central_media_serve.fences)
