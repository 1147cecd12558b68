"""What the frozen program is made of: a CycloneDX bill of materials, and the licence texts of every part.

The parts are the distributions that the program's own dependencies reach, as they are installed in the
environment that it is frozen from. Standard library only; the environment is asked by a subprocess.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vendored import VENDORED

#: Asks an environment for the parts that `prebirka` needs to run, without those of its development.
_ASK = r"""
import importlib.metadata as metadata, json, re, sys
from pathlib import Path
given = json.loads(sys.argv[1])
try:
    from packaging.requirements import Requirement
except ImportError:
    from pip._vendor.packaging.requirements import Requirement
def plain(name): return re.sub(r"[-_.]+", "-", name).lower()
waiting, found = [("prebirka", frozenset())], {}
while waiting:
    name, extras = waiting.pop()
    try:
        part = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        continue
    for line in part.requires or []:
        needed = Requirement(line)
        wanted = needed.marker is None or any(
            needed.marker.evaluate(given | {"extra": extra}) for extra in (extras or {""})
        )
        key = (plain(needed.name), frozenset(needed.extras))
        if wanted and key[0] not in found:
            waiting.append(key)
    if plain(name) == "prebirka":
        continue
    told = part.metadata
    texts = [str(part.locate_file(file)) for file in part.files or []
             if re.search(r"(licen[cs]e|copying|notice)", file.name, re.I) and not file.name.endswith(".py")]
    stated = [line for line in told.get_all("Classifier", []) if line.startswith("License ::")]
    kinds = [line.split(" :: ")[-1] for line in stated]
    licence = told.get("License-Expression") or ", ".join(kinds) or (told.get("License") or "").split("\n")[0]
    names = {file.parts[0] for file in part.files or []} - {"..", "__pycache__", "bin", "Scripts", "share"}
    shared = {file.name for file in part.files or [] if file.suffix == ".dll" or ".so" in file.name}
    said = {"name": told["Name"], "version": part.version, "licence": licence, "texts": sorted(texts),
            "files": sorted(names | shared)}
    found[plain(name)] = said
print(json.dumps(found, sort_keys=True))
"""


#: What the markers of a requirement are asked with when it is not for the system that asks.
WINDOWS = {
    "sys_platform": "win32",
    "platform_system": "Windows",
    "os_name": "nt",
    "platform_machine": "AMD64",
}


def parts(
    python: Path, checkout: Path, site: Path | None = None, markers: Mapping[str, str] | None = None
) -> dict[str, dict[str, Any]]:
    """Name, version, licence, licence files and names of files of each part, by its plain name.

    `python` is asked, and first of all the folder `site`, which may be of another system (`markers`).
    """
    environ = os.environ | ({"PYTHONPATH": str(site)} if site else {})
    command = [str(python), "-c", _ASK, json.dumps(dict(markers or {}))]
    run = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=True, env=environ)
    found: dict[str, dict[str, Any]] = json.loads(run.stdout)
    return found


def hashes(lock: Path) -> dict[str, list[str]]:
    """The SHA-256 of the files that each locked distribution may come from, by plain name."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in lock.read_text("utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            name = line.partition("==")[0].partition("[")[0].lower().replace("_", "-").replace(".", "-")
        elif "--hash=sha256:" in line:
            found.setdefault(name, []).append(line.partition("sha256:")[2].rstrip(" \\"))
    return found


def bill(
    found: Mapping[str, dict[str, Any]], checkout: Path, name: str, version: str, at: int
) -> dict[str, Any]:
    """A CycloneDX 1.5 document of the parts that were `found`; the same parts give the same document."""
    locked = hashes(checkout / "packaging" / "requirements.lock")
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{key}@{part['version']}",
            "purl": f"pkg:pypi/{key}@{part['version']}",
            "name": part["name"],
            "version": part["version"],
            "licenses": [{"license": {"name": part["licence"]}}] if part["licence"] else [],
            "properties": [
                {"name": "prebirka:locked-sha256", "value": one} for one in sorted(locked.get(key, []))
            ],
        }
        for key, part in sorted(found.items())
    ]
    components += [
        {
            "type": "library",
            "bom-ref": f"prebirka:vendored/{one.name}",
            "name": one.name,
            "licenses": [{"license": {"name": one.licence}}],
            "properties": [{"name": "prebirka:brought-by", "value": one.brought_by}],
        }
        for one in VENDORED
    ]
    told = json.dumps(components, sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{name} {version} {told}')}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application",
                "bom-ref": f"pkg:generic/{name}@{version}",
                "name": name,
                "version": version,
                "licenses": [{"license": {"id": "EUPL-1.2"}}],
            },
        },
        "components": components,
        "dependencies": [
            {"ref": f"pkg:generic/{name}@{version}", "dependsOn": [one["bom-ref"] for one in components]}
        ],
    }


def write_licences(found: Mapping[str, dict[str, Any]], checkout: Path, folder: Path) -> None:
    """Put the licence texts of the program and of every part into `folder`, one folder a part, with a list
    for people (PARTS.txt) and one for the program and the scan (parts.json)."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(checkout / "LICENSE", folder / "LICENSE")
    shutil.copytree(checkout / "packaging" / "licences", folder / "common")
    lines = ["Přebírka: EUPL-1.2, see LICENSE.\n\nIts parts, each with the licence that it states:\n\n"]
    listed: list[dict[str, Any]] = []
    for key, part in sorted(found.items()):
        lines.append(f"{part['name']} {part['version']}: {part['licence']}\n")
        texts = []
        for number, text in enumerate(part["texts"]):
            source = Path(text)
            if source.is_file():
                target = folder / key / (source.name if number == 0 else f"{number}-{source.name}")
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(source, target)
                texts.append(target.relative_to(folder).as_posix())
        listed.append({**part, "texts": texts})
    lines.append("\nInside of them, or of Python:\n\n")
    for one in VENDORED:
        lines.append(f"{one.name}: {one.licence} (with {one.brought_by})\n")
        listed.append({"name": one.name, "version": "", "licence": one.licence, "texts": [], "files": []})
    lines.append("\nThe libraries of Qt and of PySide6 (LGPL-3.0-only) may be replaced by others.\n")
    (folder / "PARTS.txt").write_text("".join(lines), "utf-8", newline="\n")
    told = json.dumps(listed, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / "parts.json").write_text(told + "\n", "utf-8", newline="\n")


def copyright_file() -> str:
    """Debian's `copyright`: ours, and where the others' are."""
    return (
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        "Upstream-Name: Přebírka\n\n"
        "Files: *\n"
        "Copyright: the authors of Přebírka\n"
        "License: EUPL-1.2\n"
        " The full text is in licences/LICENSE beside this file; the licences of the parts that come with\n"
        " the program are in licences/ too, listed in licences/PARTS.txt.\n"
    )
