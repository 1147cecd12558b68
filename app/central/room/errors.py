"""What the operations room refuses: each with its code, a sentence and the status of the answer."""

from __future__ import annotations

from app.election.errors import KnownError


class RoomError(KnownError):
    """A refusal of the room; `status` is that of the HTTP answer."""

    status = 422


class WrongPassword(RoomError):
    """The name or the password is wrong; which of them is not told."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            "ROM-01",
            "Jméno nebo heslo nesouhlasí. Zkontrolujte Caps Lock a napište heslo znovu.",
            "The name or the password is wrong. Check Caps Lock and type the password again.",
        )


class TooSoon(RoomError):
    """After wrong passwords some time has to pass; `seconds` of it are left, at least 1."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "ROM-02",
            f"Po chybných heslech je třeba počkat ještě {seconds} s. Potom napište heslo znovu.",
            f"After wrong passwords wait another {seconds} s. Then type the password again.",
        )
        self.seconds = seconds


class LockedOut(RoomError):
    """Too many wrong passwords: an administrator has to release the account."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            "ROM-03",
            "Účet je po mnoha chybných heslech zablokovaný. Požádejte správce, aby ho uvolnil.",
            "The account is locked after many wrong passwords. Ask the administrator to release it.",
        )


class NotSignedIn(RoomError):
    """There is no session, it is over, or it is somebody else's."""

    status = 401

    def __init__(self) -> None:
        super().__init__(
            "ROM-04",
            "Nejste přihlášeni, nebo přihlášení skončilo. Přihlaste se znovu.",
            "You are not signed in, or the session is over. Sign in again.",
        )


class NotAllowed(RoomError):
    """The role has no such permission."""

    status = 403

    def __init__(self, permission: str) -> None:
        super().__init__(
            "ROM-05",
            f"K tomuto úkonu nemá vaše role oprávnění ({permission}). Obraťte se na toho, kdo ho má.",
            f"Your role may not do this ({permission}). Turn to somebody who may.",
        )


class Forged(RoomError):
    """A form without the token of its session, or from another page."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            "ROM-06",
            "Formulář nepřišel z této stránky, nebo je starý. Nic se neprovedlo; otevřete stránku znovu.",
            "The form did not come from this page, or it is old. Nothing was done; open the page again.",
        )


class NotHere(RoomError):
    """There is no such page."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "ROM-07",
            "Taková stránka tu není. Vraťte se na přehled.",
            "There is no such page. Go back to the overview.",
        )


class BadRequest(RoomError):
    """A request that no page of the room makes."""

    status = 400

    def __init__(self) -> None:
        super().__init__(
            "ROM-08",
            "Požadavku nelze rozumět; nic se neprovedlo. Použijte stránku, ne vlastní program.",
            "The request makes no sense; nothing was done. Use the page, not a program of your own.",
        )


class OtherHost(RoomError):
    """The request names a host that the room does not go by."""

    status = 421

    def __init__(self) -> None:
        super().__init__(
            "ROM-09",
            "Pod tímto jménem velín neodpovídá. Otevřete ho pod adresou, kterou vám dal správce.",
            "The room does not answer by this name. Open it by the address that the administrator gave you.",
        )


class AccountRefused(RoomError):
    """An account that cannot be made or changed so."""


class ProposalRefused(RoomError):
    """A proposal that cannot be made or decided so."""


class FieldRefused(RoomError):
    """A field of a form that is empty, too long, or not of its kind."""

    def __init__(self, field: str) -> None:
        super().__init__(
            "ROM-20",
            f"Pole „{field}“ je prázdné, příliš dlouhé nebo nemá správný tvar. Opravte je a odešlete znovu.",
            f"The field “{field}” is empty, too long or not of its form. Mend it and send it again.",
        )
