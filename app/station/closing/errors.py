"""The known troubles of closing a point."""

from __future__ import annotations

from app.election.model import ProtocolKey
from app.station.errors import StationError


class PointClosed(StationError):
    """The point is closed: no act on results is taken any more."""

    def __init__(self) -> None:
        super().__init__(
            "CLS-01",
            "Přebírací místo je uzavřené, takže už nic nezapíše. Je-li třeba ještě něco udělat, vedoucí ho s "
            "důvodem znovu otevře na stránce Uzavření.",
            "The transfer point is closed and writes nothing any more. If something still has to be done, "
            "the supervisor reopens it with a reason on the page Closing.",
        )


class NotReady(StationError):
    """Something of the checklist is not done; `items` are its names."""

    def __init__(self, items: tuple[str, ...]) -> None:
        listed = ", ".join(items)
        super().__init__(
            "CLS-02",
            f"Přebírací místo ještě nelze uzavřít, není hotovo vše ({len(items)}). Projděte seznam na "
            "stránce Uzavření, u každého bodu je, co udělat.",
            f"The transfer point cannot be closed yet: not everything is done ({listed}). Go through the "
            "list on the page Closing; each item says what to do.",
        )
        self.items = items


class ChangedSince(StationError):
    """Something happened after the report was made."""

    def __init__(self) -> None:
        super().__init__(
            "CLS-03",
            "Od chvíle, kdy byla závěrečná zpráva připravena, se něco změnilo. Uzavřete místo znovu, zpráva "
            "se připraví nová.",
            "Something changed after the closing report was made. Close the point again; a new report will "
            "be made.",
        )


class NotClosed(StationError):
    """Only a closed point can be reopened."""

    def __init__(self) -> None:
        super().__init__(
            "CLS-04",
            "Přebírací místo uzavřené není, takže není co otevírat. Obnovte stránku.",
            "The transfer point is not closed, so there is nothing to reopen. Refresh the page.",
        )


class NothingToExplain(StationError):
    """The protocol is confirmed, or none is expected."""

    def __init__(self, key: ProtocolKey) -> None:
        super().__init__(
            "CLS-05",
            f"Zápis {key} je potvrzen, nebo se tu neočekává, takže vysvětlení nepotřebuje. Obnovte stránku.",
            f"Protocol {key} is confirmed, or none is expected here, so it needs no explanation. Refresh the "
            "page.",
        )
