"""The page about the protocol file says what the schema says, and its example is a good file."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from app import resources
from app.documents import protocol_file
from app.election.complete import complete
from app.election.controls import state

PAGE = resources.path("manual", "protocol-file.md").read_text(encoding="utf-8")
XS = "{http://www.w3.org/2001/XMLSchema}"
BOX = re.compile(r"HLASY_\d\d")


def test_the_example_on_the_page_is_a_file_of_two_protocols_with_right_control_numbers() -> None:
    example = PAGE.split("```xml\n")[1].split("```")[0]
    file = protocol_file.read(example.encode())
    assert [reading.key.contest.form for reading in file.readings] == ["T/6", "T/5"]
    for reading in file.readings:
        assert state(complete(reading), file.election, reading.form_version) == reading
    assert file.mode is not None
    assert protocol_file.write(file.readings, file.election, file.mode).decode() == example


@pytest.mark.parametrize(
    ("section", "kind", "name"),
    [
        ("## `ZAPISY`", "attributeGroup", "Hlavicka"),
        ("## What `T6` and `T5` share", "attributeGroup", "Zapis"),
        ("## `T6`", "complexType", "T6"),
        ("### `STRANA`", "complexType", "Strana"),
        ("## `T5`", "complexType", "T5"),
    ],
)
def test_each_attribute_of_the_schema_is_on_the_page_and_no_other(section: str, kind: str, name: str) -> None:
    schema = etree.parse(str(resources.path("schemas", "zapis.xsd"))).getroot()
    described = schema.find(f"{XS}{kind}[@name='{name}']")
    assert described is not None
    attributes = {
        attribute.get("name", ""): attribute.get("use") == "required"
        for attribute in described.findall(f"{XS}attribute")
    }
    boxes = sorted(box for box in attributes if BOX.fullmatch(box))
    wanted = {box: required for box, required in attributes.items() if box not in boxes}
    if boxes:
        wanted[f"{boxes[0]}` … `{boxes[-1]}"] = False
    table = re.split(r"\n##", PAGE.split(f"\n{section}", 1)[1])[0]
    told = {
        row[1]: row[2].strip() == "yes"
        for row in re.finditer(r"^\| `(.+?)` \|([^|]*)\|", table, re.MULTILINE)
    }
    assert told == wanted
