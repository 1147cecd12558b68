"""`prebirka central media`: the register of the media and the line that they read from."""

from __future__ import annotations

import typer

from app.commands import (
    central_media_rehearse,
    central_media_serve,
    media_filming,
    media_register,
    media_rehearsal,
)

app = typer.Typer(
    help="Média: rejstřík žádostí a linka, ze které čtou.\n\n"
    "[dim]The media: the register of applications, and the line that they read from.[/dim]\n\n"
    "Postup: 1. [bold]receive[/bold] přijme žádost a ověří podpis, 2. [bold]decide[/bold] rozhodne o "
    "opakovaných adresách, [bold]approve[/bold] nebo [bold]refuse[/bold] o žádosti; podepsaný seznam se "
    "změní hned, 3. [bold]letter[/bold] vyhotoví dopis, [bold]filming[/bold] vede natáčení, "
    "4. [bold]serve[/bold] pouští na linku podle seznamu. Pro zkoušku: [bold]test-authority[/bold], "
    "[bold]make-application[/bold].\n"
    "[dim]The way: 1. receive takes an application in and verifies its signature, 2. decide settles repeated "
    "addresses, approve or refuse the application; the signed list changes at once, 3. letter makes the "
    "letter, filming keeps the permits, 4. serve lets the listed ones in.[/dim]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
)
app.command()(central_media_serve.serve)
app.command()(central_media_rehearse.rehearse)
app.command(name="export")(central_media_serve.fences)
app.command()(media_register.receive)
app.command(name="list")(media_register.list_)
app.command()(media_register.show)
app.command()(media_register.approve)
app.command()(media_register.refuse)
app.command()(media_register.decide)
app.command()(media_register.meeting)
app.command()(media_register.publish)
app.command()(media_register.letter)
app.add_typer(media_filming.app, name="filming")
app.command(name="test-authority")(media_rehearsal.rehearsal_authority)
app.command(name="make-application")(media_rehearsal.make_application)
