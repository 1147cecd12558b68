"""The pages about the media register: their commands work as they stand, their form is a right one."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import resources
from app.central.media.outcomes import Outcome
from app.commands.central_media import app
from app.documents import media_application
from app.rehearsal import media_applications
from tests.support import newsroom
from tests.support.media_house import NOW, MediaHouse

#: A letter is printed in an application that windows of later tests can use too.
pytestmark = pytest.mark.usefixtures("qapp")

REGISTER, APPLICATION = (
    resources.path("manual", name).read_text("utf-8")
    for name in ("media-register.md", "media-application.md")
)


def commands(page: str) -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


def test_the_registers_commands_work_as_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = MediaHouse(tmp_path)
    house.set(clock_offset_seconds=int((NOW - datetime.now(UTC)).total_seconds()))
    (tmp_path / "ustredi").symlink_to(house.centre_folder)
    monkeypatch.chdir(tmp_path)
    told = [each[3:] for each in commands(REGISTER) if each[:3] == ["prebirka", "central", "media"]]
    preparing = [each for each in told if each[0] in ("test-authority", "make-application")]
    done = set()
    for command in [*preparing, *(each for each in told if each not in preparing)]:
        if command[0] == "letter" or command[:2] == ["filming", "print"]:
            continue  # Qt makes them: tests/desktop/test_letters.py
        command = [house.code if each == "kz2024" else each for each in command]
        said = CliRunner().invoke(app, command)
        assert said.exit_code == 0, (command, said.output, said.exception)
        done.add(command[0])
        if command[0] == "test-authority":
            shutil.copy("autorita/zkusebni-autorita.pem", house.media.trust)
    assert done >= {"receive", "list", "show", "decide", "approve", "refuse", "publish", "meeting", "filming"}


def test_the_registers_page_names_every_outcome() -> None:
    assert [outcome.code for outcome in Outcome if outcome.code not in REGISTER] == []


def test_the_form_on_the_page_is_a_right_one() -> None:
    [form] = re.findall(r"```xml\n(.*?)```", APPLICATION, re.DOTALL)
    one = media_application.decode(form.encode())
    assert media_application.encode(one) == form.encode()
    for attribute in (
        "VOLBY",
        "REZIM",
        "ORGANIZACE",
        "ICO",
        "OSOBA",
        "EMAIL",
        "TELEFON",
        "ADRESA",
        "NATACENI",
    ):
        assert f"`{attribute}" in APPLICATION


def test_the_applicants_own_check_of_the_signature_works(tmp_path: Path) -> None:
    signer = newsroom.signer()
    for name, data in media_applications.files(b"<ZADOST/>", signer, newsroom.IN_TIME).items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "autorita.pem").write_bytes(newsroom.authority().pem)
    [command] = commands(APPLICATION)
    command = [*command[:3], "-attime", str(int(newsroom.IN_TIME.timestamp())), *command[3:]]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, env=os.environ)
