"""The known troubles of accounts and of signing in."""

from __future__ import annotations

from app.station.errors import StationError


class WrongPassword(StationError):
    """The name or the password is wrong; which of them is not told."""

    def __init__(self) -> None:
        super().__init__(
            "USR-01",
            "Jméno nebo heslo nesouhlasí. Zkontrolujte Caps Lock a napište heslo znovu.",
            "The name or the password is wrong. Check Caps Lock and type the password again.",
        )


class TooSoon(StationError):
    """After wrong passwords some time has to pass; `seconds` of it are left, at least 1."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "USR-02",
            f"Po chybných heslech je třeba počkat ještě {seconds} s. Potom napište heslo znovu.",
            f"After wrong passwords wait another {seconds} s. Then type the password again.",
        )
        self.seconds = seconds


class LockedOut(StationError):
    """Too many wrong passwords: a supervisor has to release the account."""

    def __init__(self, failures: int) -> None:
        super().__init__(
            "USR-03",
            f"Účet je po {failures} chybných heslech zablokovaný. "
            "Požádejte vedoucího, aby ho uvolnil na stránce Uživatelé, nebo zavolejte technika.",
            f"The account is locked after {failures} wrong passwords. "
            "Ask the supervisor to release it on the page Users, or call the technician.",
        )


class LoginRefused(StationError):
    """A login that nobody could type: empty, long or with spaces."""

    def __init__(self, longest: int) -> None:
        super().__init__(
            "USR-06",
            f"Přihlašovací jméno musí mít 1 až {longest} znaků a být bez mezer. Zvolte jiné.",
            f"A login has 1 to {longest} characters and no spaces. Choose another.",
        )


class NameTaken(StationError):
    """Another account, perhaps a closed one, has this login or name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "USR-07",
            f"Jméno „{name}“ už má jiný účet. Zvolte jiné, nebo tomu účtu nastavte nové heslo.",
            f"Another account has the name “{name}”. Choose another, or set a new password for that account.",
        )


class LastSupervisor(StationError):
    """Nobody would be left to make users and to approve."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "USR-08",
            f"„{name}“ je jediný vedoucí na této stanici. Nejdřív přidejte jiného vedoucího.",
            f"“{name}” is the only supervisor at this station. Add another supervisor first.",
        )


class NoSuchAccount(StationError):
    """There is no such account, or it is closed."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "USR-09",
            f"Účet „{name}“ na této stanici není. Vyberte jiný ze seznamu uživatelů.",
            f"There is no account “{name}” at this station. Choose another from the list of users.",
        )


class NotTheFirst(StationError):
    """The station has a supervisor, who makes the other accounts."""

    def __init__(self) -> None:
        super().__init__(
            "USR-10",
            "Stanice už vedoucího má. Další účty přidává on na stránce Uživatelé.",
            "The station has a supervisor already, who adds further accounts on the page Users.",
        )


class RehearsalOnly(StationError):
    """Only a rehearsal signs somebody in without a password."""

    def __init__(self) -> None:
        super().__init__(
            "USR-11",
            "Bez hesla se lze přihlásit jen ve zkoušce. Přihlaste se heslem.",
            "Signing in without a password is for rehearsals only. Sign in with your password.",
        )


class OwnPasswordFirst(StationError):
    """A temporary password, which another person knows, vouches for nothing."""

    def __init__(self) -> None:
        super().__init__(
            "USR-13",
            "Toto heslo je jen dočasné. Nejdřív se přihlaste a zvolte si vlastní.",
            "This password is a temporary one. Sign in first and choose your own.",
        )


class DeliveryRefused(StationError):
    """A delivered file of accounts that this station cannot take."""
