"""Command lines written in the manual and in units, held against the program's real tree of commands."""

from __future__ import annotations

import re
import shlex
from typing import Any

import click

from app import cli

#: What follows a word of these is the program's output or another program's business.
_ENDS = {"|", ">", ">>", "&&", "||", ";", "<", "&"}


def check(line: str) -> None:
    """Fail unless every command and option of `prebirka …` exists; what stands for people's own words
    (folders, names, `…`) is passed over."""
    words = _words(line)
    assert words[0] == "prebirka", line
    command, rest = _command(words[1:], line)
    if command is None:
        return
    options = {name for each in command.params for name in (*each.opts, *each.secondary_opts)} | {
        "--help",
        "-h",
    }
    for word in rest:
        if word.startswith("--"):
            assert word.partition("=")[0] in options, f"{line}: {command.name} has no {word}"


def _words(line: str) -> list[str]:
    words = shlex.split(re.sub(r"[…]", " ", line), comments=True, posix=True)
    for number, word in enumerate(words):
        if word in _ENDS:
            return words[:number]
    return words


def _command(words: list[str], line: str) -> tuple[Any, list[str]]:
    """The command that the first words name, and the words after it; None for `prebirka` alone."""
    words = [word for word in words if word != "--debug"]
    if not words or words[0].startswith("-"):
        return None, []
    assert words[0] in cli.COMMANDS, f"{line}: no command {words[0]}"
    command: Any = cli.load(words[0])
    rest = words[1:]
    while isinstance(command, click.Group) or hasattr(command, "commands"):
        if not rest or rest[0].startswith("-"):
            return command, rest
        found = command.get_command(click.Context(command), rest[0])
        assert found is not None, f"{line}: {command.name} has no command {rest[0]}"
        command, rest = found, rest[1:]
    return command, rest
