"""The known troubles of a transfer point: each a stable code and a sentence that says what to do."""

from __future__ import annotations

from app.election.errors import KnownError
from app.election.model import ProtocolKey


class StationError(KnownError):
    """Any known trouble of this floor."""


class FolderRefused(StationError):
    """The folder is not a usable station: incomplete, foreign, of another election or mode."""


class FolderInUse(StationError):
    """Another process works with the folder."""

    def __init__(self, folder: object) -> None:
        super().__init__(
            "STA-01",
            f"Se složkou {folder} už pracuje jiný spuštěný program. "
            "Použijte jeho okno, nebo ho nejdřív ukončete.",
            f"Another running program works with the folder {folder}. Use its window, or end it first.",
        )


class ReferenceRefused(StationError):
    """The reference data are missing, altered, foreign, or of another election or mode."""


class StoreTrouble(StationError):
    """The database cannot be used: damaged, foreign, locked, disk full. Nothing was stored by half."""


class StepRefused(StationError):
    """The state does not allow the step."""

    def __init__(self, key: ProtocolKey, state_cs: str, state_en: str, step: str) -> None:
        super().__init__(
            "STA-20",
            f"Zápis {key} je ve stavu „{state_cs}“ a tento krok v něm nelze udělat. Obnovte přehled okrsků.",
            f"Protocol {key} is “{state_en}”, which does not allow the step “{step}”. Refresh the overview.",
        )


class RoleRefused(StationError):
    """The person may not take the step."""

    def __init__(self, name: str, step: str) -> None:
        super().__init__(
            "STA-21",
            f"Uživatel „{name}“ tento krok udělat nesmí. Požádejte vedoucího přebíracího místa.",
            f"The user “{name}” may not take the step “{step}”. Ask the supervisor of the transfer point.",
        )


class ReasonMissing(StationError):
    """The step needs a reason."""

    def __init__(self, step: str) -> None:
        super().__init__(
            "STA-22",
            "Chybí důvod. Napište, proč se krok dělá.",
            f"The reason is missing. Write why the step “{step}” is taken.",
        )


class Blocked(StationError):
    """A blocking rule failed; `rules` are their ids."""

    def __init__(self, key: ProtocolKey, rules: tuple[str, ...]) -> None:
        listed = ", ".join(rules)
        super().__init__(
            "STA-23",
            f"Zápis {key} nelze převzít: má nepustitelnou chybu ({listed}). "
            "Komise ji opraví, nebo se zápis odmítne.",
            f"Protocol {key} cannot be accepted: it has a blocking error ({listed}). "
            "The commission mends it, or it is refused.",
        )
        self.rules = rules


class AlreadyAccepted(StationError):
    """The same content has been accepted before; nothing needs to be done."""

    def __init__(self, key: ProtocolKey, revision: int) -> None:
        super().__init__(
            "STA-24",
            f"Zápis {key} se stejným obsahem už byl převzat (revize {revision}). Není třeba nic dělat.",
            f"Protocol {key} with the same content was accepted before (revision {revision}). Nothing to do.",
        )
        self.revision = revision


class ApprovalMissing(StationError):
    """A passable error or a warning needs another person's approval."""

    def __init__(self, key: ProtocolKey, rules: tuple[str, ...]) -> None:
        listed = ", ".join(rules)
        super().__init__(
            "STA-25",
            f"Zápis {key} má chybu nebo upozornění ke schválení ({listed}). Předejte ho s důvodem vedoucímu.",
            f"Protocol {key} has an error or a warning to approve ({listed}). Hand it with a reason to the "
            "supervisor.",
        )
        self.rules = rules


class OwnWork(StationError):
    """Four eyes: who entered a protocol cannot approve it."""

    def __init__(self, key: ProtocolKey, name: str) -> None:
        super().__init__(
            "STA-26",
            f"Zápis {key} přijal uživatel „{name}“, a proto ho sám schválit nemůže. Schválí ho někdo jiný.",
            f"Protocol {key} was entered by “{name}”, who therefore cannot approve it. Somebody else has to.",
        )


class ContentChanged(StationError):
    """What was shown is not what is there now."""

    def __init__(self, key: ProtocolKey) -> None:
        super().__init__(
            "STA-27",
            f"Zápis {key} se od zobrazení změnil. Otevřete ho znovu a zkontrolujte, co se má potvrdit.",
            f"Protocol {key} has changed since it was shown. "
            "Open it again and check what is to be confirmed.",
        )


class NotExpected(StationError):
    """No such protocol is expected at this transfer point."""

    def __init__(self, key: ProtocolKey) -> None:
        super().__init__(
            "STA-28",
            f"Zápis {key} se na tomto přebíracím místě neočekává. Pošlete komisi na její přebírací místo.",
            f"Protocol {key} is not expected at this transfer point. Send the commission to its own point.",
        )


class NothingToCorrect(StationError):
    """A correction needs an accepted protocol."""

    def __init__(self, key: ProtocolKey) -> None:
        super().__init__(
            "STA-29",
            f"Zápis {key} ještě převzat nebyl, takže není co opravovat. Převezměte ho jako první.",
            f"Protocol {key} has not been accepted yet, so there is nothing to correct. Accept it first.",
        )


class OtherAuthor(StationError):
    """A correction is finished by whoever began it, so that its author is one person."""

    def __init__(self, key: ProtocolKey, name: str) -> None:
        super().__init__(
            "STA-36",
            f"Opravu zápisu {key} začal uživatel „{name}“ a musí ji i dokončit. Nebo ji začněte znovu sami.",
            f"The correction of protocol {key} was begun by “{name}”, who has to finish it. "
            "Or begin your own.",
        )


class TextRefused(StationError):
    """A name or a reason that no document could carry."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            "STA-37",
            f"Jméno nebo důvod je prázdný, delší než {limit} znaků, nebo obsahuje nedovolený znak. "
            "Opravte ho.",
            f"A name or a reason is empty, longer than {limit} characters, or holds a character that is not "
            "allowed. Mend it.",
        )
