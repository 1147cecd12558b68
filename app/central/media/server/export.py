"""The same list for those who stand in front: nginx's `allow` lines and a set of nftables.

Made from the list in force and the phase alone, so it says exactly what the line itself would say of an
address. Short names of organisations stand beside their addresses as comments; names do not, for they may
hold anything.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path

from app.central.media.server.allowed import Allowed
from app.central.media.server.phase import Phase
from app.election.errors import KnownError


class Form(StrEnum):
    """What reads the file."""

    NGINX = "nginx"
    NFTABLES = "nftables"


def text(form: Form, allowed: Allowed, phase: Phase) -> str:
    """The content of the file."""
    return _WRITERS[form](allowed, phase)


def write(path: Path, content: str) -> bool:
    """Replace the file whole, unless it says that already; whether it was replaced. Raises KnownError
    MED-54."""
    try:
        if path.exists() and path.read_text("ascii", "replace") == content:
            return False
        half = path.with_name(path.name + ".part")
        with half.open("w", encoding="ascii") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        half.replace(path)
    except OSError as error:
        raise KnownError(
            "MED-54",
            f"Soubor {path} se seznamem adres nelze zapsat ({error.strerror}). Uvolněte místo nebo práva.",
            f"The file {path} with the list of addresses cannot be written ({error.strerror}). Free room or "
            "rights.",
        ) from error
    return True


def _admitted(allowed: Allowed, phase: Phase) -> list[tuple[str, str]]:
    """Addresses that may read now, each with its organisation's short name, in the list's order."""
    return [
        (address, line.organisation)
        for address, line in allowed.by_address.items()
        if line.is_night or phase is Phase.TEST
    ]


def _head(allowed: Allowed, phase: Phase) -> str:
    media = allowed.media
    return f"# {media.election} {media.mode.value}, list {media.serial}, phase {phase.value}\n"


def _nginx(allowed: Allowed, phase: Phase) -> str:
    """To be included where nothing else allows or denies."""
    lines = "".join(f"allow {address};  # {name}\n" for address, name in _admitted(allowed, phase))
    return f"{_head(allowed, phase)}{lines}deny all;\n"


def _nftables(allowed: Allowed, phase: Phase) -> str:
    """For `nft -f`, which takes the whole file at once: the sets are made where they are missing, emptied
    and filled, and rules that name them stay."""
    admitted = [address for address, _ in _admitted(allowed, phase)]
    families = {
        "media4": ("ipv4_addr", [each for each in admitted if ":" not in each]),
        "media6": ("ipv6_addr", [each for each in admitted if ":" in each]),
    }
    return f"{_head(allowed, phase)}add table inet prebirka\n{''.join(_sets(families))}"


def _sets(families: Mapping[str, tuple[str, list[str]]]) -> Iterable[str]:
    for name, (kind, addresses) in families.items():
        yield f"add set inet prebirka {name} {{ type {kind}; }}\nflush set inet prebirka {name}\n"
        if addresses:
            yield f"add element inet prebirka {name} {{ {', '.join(addresses)} }}\n"


_WRITERS: Mapping[Form, Callable[[Allowed, Phase], str]] = {Form.NGINX: _nginx, Form.NFTABLES: _nftables}
