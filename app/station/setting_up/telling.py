"""What is in a package, as a table: for the command that shows one, for scripts and for the first page."""

from __future__ import annotations

from app.documents import accounts as account_documents
from app.documents import builds as build_documents
from app.station.setting_up.opening import Opened
from app.trust import message


def told_of(opened: Opened) -> dict[str, object]:
    """Every value of a package but its token, by stable names; sizes in bytes."""
    package, accounts, builds = opened.package, opened.package.accounts, opened.package.builds
    people = account_documents.read(message.decode(accounts).content or b"").accounts if accounts else ()
    return {
        "election": package.election,
        "mode": package.mode.value,
        "transfer_point": package.transfer_point,
        "station": package.station,
        "serial": package.serial,
        "made_at": package.made_at.isoformat(timespec="seconds"),
        "centre_url": package.centre_url,
        "authority": opened.authority.fingerprint,
        "centre": opened.centre.fingerprint,
        "signed_by": opened.signer,
        "reference_sha256": package.reference.sha256,
        "reference_bytes": package.reference.length,
        "package_bytes": len(opened.data),
        "accounts": len(people),
        "builds": build_documents.read(message.decode(builds).content or b"").serial if builds else None,
        "settings": dict(sorted(package.settings.items())),
        "token": bool(package.token),
    }


def grouped(fingerprint: str) -> str:
    """A fingerprint in groups of four digits, as people read it aloud."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))
