"""The known troubles of typing from paper: each a stable code and a sentence that says what to do."""

from __future__ import annotations

from app.election.model import ProtocolKey
from app.election.verdict import FieldRef
from app.station.errors import StationError


class DraftOfOther(StationError):
    """A colleague types this; `owner` is who."""

    def __init__(self, key: ProtocolKey, owner: str) -> None:
        super().__init__(
            "STA-70",
            f"Zápis {key} právě opisuje „{owner}“. Počkejte, nebo rozepsaný opis s důvodem převezměte.",
            f"Protocol {key} is being typed by “{owner}”. Wait, or take the draft over with a reason.",
        )
        self.owner = owner


class DraftEnded(StationError):
    """The draft is finished, discarded, closed, or was never there."""

    def __init__(self) -> None:
        super().__init__(
            "STA-71",
            "Tento opis už není rozepsaný, takže se do něj nedá psát. Otevřete zápis znovu ze seznamu.",
            "This draft is not open any more, so nothing can be typed into it. Open the protocol again "
            "from the list.",
        )


class FieldRefused(StationError):
    """The form has no such field, or the number does not fit into it."""

    def __init__(self, field: FieldRef) -> None:
        super().__init__(
            "STA-72",
            f"Do položky {_named(field)} tato hodnota nepatří. "
            "Zadejte celé číslo, které se vejde do políčka.",
            f"The value does not belong into {_named(field)}. Type a whole number that fits into its boxes.",
        )
        self.field = field


class EntryIncomplete(StationError):
    """Mandatory fields are blank; `fields` in the order of the paper."""

    def __init__(self, fields: tuple[FieldRef, ...]) -> None:
        super().__init__(
            "STA-73",
            f"Opis není úplný: chybí {len(fields)} povinných položek, první je {_named(fields[0])}. "
            "Doplňte je podle papíru; nula se píše jako 0.",
            f"The entry is not complete: {len(fields)} mandatory fields are blank, the first is "
            f"{_named(fields[0])}. Fill them in from the paper; a zero is typed as 0.",
        )
        self.fields = fields


class FirstUnfinished(StationError):
    """There is no finished first reading to which a second could be made."""

    def __init__(self, key: ProtocolKey) -> None:
        super().__init__(
            "STA-74",
            f"První opis zápisu {key} ještě není hotový. Nejdřív ho dokončete.",
            f"The first entry of protocol {key} is not finished. Finish it first.",
        )


class SecondUnfinished(StationError):
    """There is no finished second reading to compare with."""

    def __init__(self, key: ProtocolKey) -> None:
        super().__init__(
            "STA-75",
            f"Druhý opis zápisu {key} ještě není hotový. Opíše ho někdo jiný než první.",
            f"The second entry of protocol {key} is not finished. "
            "Somebody else than the first has to type it.",
        )


class OwnReading(StationError):
    """Four eyes: who typed one reading cannot type in the other."""

    def __init__(self, key: ProtocolKey, name: str) -> None:
        super().__init__(
            "STA-76",
            f"Uživatel „{name}“ už zápis {key} jednou opisoval. Druhý opis musí udělat někdo jiný.",
            f"“{name}” has typed protocol {key} already. The second entry has to be somebody else's.",
        )


class ReadingsDiffer(StationError):
    """The readings differ in `fields`, which are not settled."""

    def __init__(self, key: ProtocolKey, fields: tuple[FieldRef, ...]) -> None:
        super().__init__(
            "STA-77",
            f"Dva opisy zápisu {key} se liší, neujasněných položek: {len(fields)}. "
            "Podívejte se na papír a zadejte je znovu.",
            f"The two entries of protocol {key} differ in {len(fields)} fields. "
            "Look at the paper and type them again.",
        )
        self.fields = fields


class SettlementRefused(StationError):
    """This person may not settle this field with this value."""

    def __init__(self, field: FieldRef) -> None:
        super().__init__(
            "STA-78",
            f"Položku {_named(field)} s touto hodnotou nemůžete uzavřít sami. Znovu se podívejte na papír, "
            "nebo požádejte druhého z opisujících či vedoucího.",
            f"You cannot settle {_named(field)} with this value alone. Look at the paper again, or ask the "
            "other typist or the supervisor.",
        )
        self.field = field


class NotDiffering(StationError):
    """The field does not differ, so there is nothing to settle."""

    def __init__(self, field: FieldRef) -> None:
        super().__init__(
            "STA-79",
            f"V položce {_named(field)} se opisy neliší, není co ujasňovat.",
            f"The entries do not differ in {_named(field)}; there is nothing to settle.",
        )
        self.field = field


def _named(field: FieldRef) -> str:
    parts = [field.name]
    if field.list_number is not None:
        parts.append(f"listina {field.list_number}")
    if field.candidate is not None:
        parts.append(f"č. {field.candidate}")
    return " ".join(parts)
