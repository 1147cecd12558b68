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


class NotAuthorised(StationError):
    """Only an authorised commission may have its protocol mended at the desk."""

    def __init__(self, key: ProtocolKey) -> None:
        super().__init__(
            "STA-80",
            f"Zápis {key} lze na místě opravit jen se zmocněním komise. Ověřte zmocnění a zaškrtněte ho, "
            "nebo zápis odmítněte.",
            f"Protocol {key} may be mended on the spot only with the commission's authorisation. Check it "
            "and tick it, or refuse the protocol.",
        )


class NothingMended(StationError):
    """A mending that changes nothing."""

    def __init__(self, key: ProtocolKey) -> None:
        super().__init__(
            "STA-81",
            f"V zápisu {key} se opravou nic nezměnilo. Zadejte, co komise na papíru změnila.",
            f"Nothing changed in protocol {key}. Type what the commission changed on the paper.",
        )


class RetypeMissing(StationError):
    """The binding totals were not typed from the signed paper; `count` of them are blank."""

    def __init__(self, key: ProtocolKey, count: int) -> None:
        super().__init__(
            "STA-82",
            f"U zápisu {key} chybí kontrolní údaje z podepsaného papíru ({count}). "
            "Opište je, než ho převezmete.",
            f"The totals from the signed paper are missing for protocol {key} ({count}). "
            "Type them before it is accepted.",
        )
        self.count = count


class SecondEntryMissing(StationError):
    """A protocol from paper that was not typed twice and closed."""

    def __init__(self, key: ProtocolKey) -> None:
        super().__init__(
            "STA-83",
            f"Zápis {key} z papíru nebyl opsán dvakrát a uzavřen, a proto ho nelze převzít. "
            "Dokončete druhý opis.",
            f"Protocol {key} was not typed twice from paper and closed, so it cannot be accepted. "
            "Finish the second entry.",
        )


class DeadlineRefused(StationError):
    """A deadline of a refusal that has passed, or is later than the law allows."""

    def __init__(self, ends: str) -> None:
        super().__init__(
            "STA-84",
            f"Lhůta musí být v budoucnosti a nejpozději {ends}, kdy končí předávání. Zvolte jinou.",
            f"The deadline has to be in the future and at the latest {ends}, when delivery ends. "
            "Choose another.",
        )


class NotConfirmed(StationError):
    """Rule PR-03: no confirmation without the centre's receipt for the very content."""

    def __init__(self, key: ProtocolKey) -> None:
        super().__init__(
            "STA-85",
            f"Ústředí zápis {key} v tomto znění ještě nepotvrdilo, a proto nelze vytisknout potvrzení o "
            "převzetí. Počkejte na potvrzení.",
            f"The centre has not confirmed protocol {key} with this content, so the confirmation cannot be "
            "printed. Wait for it.",
        )


class NothingToPrint(StationError):
    """There is no such document for this protocol now."""

    def __init__(self, key: ProtocolKey) -> None:
        super().__init__(
            "STA-86",
            f"Pro zápis {key} teď není co tisknout: nic takového se s ním nestalo. Obnovte přehled okrsků.",
            f"There is nothing to print for protocol {key} now: no such thing happened to it. "
            "Refresh the overview.",
        )
