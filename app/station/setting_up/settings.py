"""The settings that a package may carry, and the station's configuration that follows from them.

A package sets what the election's preparation decides for a point: thresholds, times, the way through the
office's network. What it does not name keeps its value, so that a newer package leaves alone what somebody
set at the place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from typing import Final

from app.documents.package import Package
from app.station.config import StationConfig, config_of
from app.station.setting_up import errors

#: Told by the package itself, or by its certificate.
_IDENTITY: Final = frozenset({"election", "mode", "station", "transfer_point", "centre_url"})
#: Every setting that a package may carry, with its type as the dataclass names it.
SETTINGS: Final = {each.name: str(each.type) for each in fields(StationConfig) if each.name not in _IDENTITY}


def check_settings(settings: Mapping[str, str]) -> None:
    """Raises `PackageRefused` PRO-07 for a setting that there is not, or a value that it cannot have."""
    trial = {"election": "x", "mode": "ZKOUSKA", "station": "1-1", "transfer_point": 1}
    _configured({**trial, "centre_url": "https://x.example"}, settings)


def configured(package: Package, before: StationConfig | None = None) -> StationConfig:
    """What `station.toml` is to say: who the package is for, its settings, and of the rest what stood there
    `before`. Raises `PackageRefused` PRO-07."""
    told = {} if before is None else tomllib.loads(before.to_toml())
    told |= {
        "election": package.election,
        "mode": package.mode.value,
        "station": package.station,
        "transfer_point": package.transfer_point,
        "centre_url": package.centre_url,
    }
    return _configured(told, package.settings)


def _configured(told: dict[str, object], settings: Mapping[str, str]) -> StationConfig:
    try:
        return config_of(told | {name: _value(name, text) for name, text in settings.items()})
    except (KeyError, ValueError, TypeError) as error:
        raise errors.does_not_fit(
            f"nastavení {error} není možné.", f"the setting {error} is impossible."
        ) from error


def _value(name: str, text: str) -> object:
    kind = SETTINGS[name]
    if kind == "int":
        return int(text)
    if kind == "bool":
        if text not in ("true", "false"):
            raise ValueError(name)
        return text == "true"
    return text
