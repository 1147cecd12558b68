"""What the frozen program is made of: a CycloneDX bill of materials, and the licence texts of every part.

The parts are the distributions that the program's own dependencies reach, as they are installed in the
environment that it is frozen from. Standard library only; the environment is asked by a subprocess.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

#: Asks an environment for the parts that `prebirka` needs to run, without those of its development.
_ASK = r"""
import importlib.metadata as metadata, json, re
from pathlib import Path
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
            needed.marker.evaluate({"extra": extra}) for extra in (extras or {""})
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
    said = {"name": told["Name"], "version": part.version, "licence": licence, "texts": sorted(texts)}
    found[plain(name)] = said
print(json.dumps(found, sort_keys=True))
"""


def parts(python: Path, checkout: Path) -> dict[str, dict[str, Any]]:
    """Name, version, licence and licence files of each part, by its plain name."""
    run = subprocess.run([str(python), "-c", _ASK], cwd=checkout, capture_output=True, text=True, check=True)
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


def bill(python: Path, checkout: Path, name: str, version: str, at: int) -> dict[str, Any]:
    """A CycloneDX 1.5 document; the same parts give the same document."""
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
        for key, part in sorted(parts(python, checkout).items())
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


def write_licences(python: Path, checkout: Path, folder: Path) -> None:
    """Put the licence texts of the program and of every part into `folder`, one folder a part."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(checkout / "LICENSE", folder / "LICENSE")
    lines = ["Přebírka: EUPL-1.2, see LICENSE.\n\nIts parts, each with the licence that it states:\n\n"]
    for key, part in sorted(parts(python, checkout).items()):
        lines.append(f"{part['name']} {part['version']}: {part['licence'] or 'see its text'}\n")
        for number, text in enumerate(part["texts"]):
            source = Path(text)
            if source.is_file():
                target = folder / key / (source.name if number == 0 else f"{number}-{source.name}")
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(source, target)
    lines.append("Python: PSF-2.0. Qt (with PySide6): LGPL-3.0-only; its libraries may be replaced.\n")
    (folder / "PARTS.txt").write_text("".join(lines), "utf-8")


def copyright_file(checkout: Path) -> str:
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
