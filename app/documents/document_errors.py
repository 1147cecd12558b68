"""What can be wrong with a document that came from outside: one table of codes and sentences.

Every refusal of a document has a stable code DOC-NN and one sentence in Czech and in English, made
here and nowhere else; the operators' manual is generated from the same table. The XML library's own
English message is kept as `detail` for a technician, never shown to a clerk.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from app.election.errors import KnownError


@dataclass(frozen=True, slots=True)
class DocCode:
    """One kind of trouble. `cs` and `en` are sentences with named places for `str.format`."""

    code: str
    title_cs: str
    title_en: str
    cs: str
    en: str


_TABLE = (
    DocCode(
        "DOC-01",
        "Soubor není",
        "No such file",
        "Soubor „{name}“ už na svém místě není. "
        "Zkontrolujte, zda je médium zasunuté, a vyberte soubor znovu.",
        "The file “{name}” is no longer there. Check that the medium is plugged in and choose it again.",
    ),
    DocCode(
        "DOC-02",
        "Není to soubor",
        "Not a file",
        "„{name}“ je složka nebo zařízení, ne soubor. Otevřete ji a vyberte v ní soubor se zápisem.",
        "“{name}” is a folder or a device, not a file. Open it and choose the protocol file inside.",
    ),
    DocCode(
        "DOC-03",
        "Soubor nelze číst",
        "No permission",
        "K souboru „{name}“ nemáte oprávnění. Požádejte technika, nebo si vyžádejte soubor na jiném médiu.",
        "You may not read the file “{name}”. Ask the technician, or ask for the file on another medium.",
    ),
    DocCode(
        "DOC-04",
        "Čtení média selhalo",
        "Reading the medium failed",
        "Soubor „{name}“ se nepodařilo přečíst celý: médium bylo vyjmuto, nebo je vadné. "
        "Zasuňte je znovu, případně si vyžádejte jiné.",
        "The file “{name}” could not be read to its end: the medium was removed or is faulty. "
        "Plug it in again or ask for another one.",
    ),
    DocCode(
        "DOC-05",
        "Příliš velký soubor",
        "File too large",
        "Soubor má {size_cs}, přijmout lze nejvýše {limit_cs}. Nejspíš to není soubor, který hledáte.",
        "The file has {size_en}; at most {limit_en} can be taken. It is probably not the file you are after.",
    ),
    DocCode(
        "DOC-06",
        "Prázdný soubor",
        "Empty file",
        "Soubor je prázdný. Požádejte komisi, aby jej na médium uložila znovu.",
        "The file is empty. Ask the commission to save it to the medium again.",
    ),
    DocCode(
        "DOC-07",
        "Jiný druh souboru",
        "Another kind of file",
        "Toto není soubor se zápisem, ale {kind_cs}. Vyberte soubor XML.",
        "This is not a document of the election but {kind_en}. Choose the XML file.",
    ),
    DocCode(
        "DOC-08",
        "Nepodporované kódování",
        "Unsupported encoding",
        "Soubor uvádí kódování znaků „{encoding}“, které se nepřijímá nebo neodpovídá obsahu. "
        "Vyžádejte si soubor v UTF-8.",
        "The file names the character encoding “{encoding}”, which is not accepted or contradicts the "
        "content. Ask for the file in UTF-8.",
    ),
    DocCode(
        "DOC-09",
        "Chybné kódování znaků",
        "Wrong character encoding",
        "Znaky souboru neodpovídají kódování {encoding} ({where_cs}). "
        "Soubor je poškozený nebo špatně uložený; vyžádejte si nový.",
        "The file's characters do not fit the encoding {encoding} ({where_en}). "
        "It is damaged or was saved wrongly; ask for a new one.",
    ),
    DocCode(
        "DOC-10",
        "Neúplný soubor",
        "Truncated file",
        "Soubor není celý: končí dřív, než má ({where_cs}). "
        "Požádejte komisi, aby jej na médium uložila znovu.",
        "The file is not whole: it ends too early ({where_en}). Ask the commission to save it again.",
    ),
    DocCode(
        "DOC-11",
        "Poškozené XML",
        "Broken XML",
        "Soubor je poškozený: {what_cs} ({where_cs}). Vyžádejte si nový.",
        "The file is damaged: {what_en} ({where_en}). Ask for a new one.",
    ),
    DocCode(
        "DOC-12",
        "Zakázaná definice v XML",
        "Forbidden definition in the XML",
        "Soubor obsahuje definice DOCTYPE nebo ENTITY, které se z bezpečnostních důvodů nepřijímají "
        "({where_cs}). Předejte jej technikovi.",
        "The file contains DOCTYPE or ENTITY definitions, which are refused for safety ({where_en}). "
        "Hand it to the technician.",
    ),
    DocCode(
        "DOC-13",
        "Poznámka v podepsaném dokumentu",
        "Comment in a signed document",
        "Podepsaný dokument obsahuje poznámku, instrukci nebo blok CDATA, které v něm být nesmějí "
        "({where_cs}). Předejte jej technikovi.",
        "The signed document contains a comment, an instruction or a CDATA block, which must not be there "
        "({where_en}). Hand it to the technician.",
    ),
    DocCode(
        "DOC-14",
        "Příliš složité XML",
        "XML too complex",
        "Soubor je příliš složitý, než aby to byl zápis ({where_cs}). Předejte jej technikovi.",
        "The file is too complex to be a document of the election ({where_en}). Hand it to the technician.",
    ),
    DocCode(
        "DOC-15",
        "Jiný dokument",
        "Another document",
        "Toto je {found_cs}, očekává se {wanted_cs}. Vyberte správný soubor.",
        "This is {found_en}; {wanted_en} is expected. Choose the right file.",
    ),
    DocCode(
        "DOC-16",
        "Jiná verze dokumentu",
        "Another version of the document",
        "Dokument má verzi „{version}“, kterou tento program nezná. Předejte jej technikovi.",
        "The document has the version “{version}”, which this program does not know. "
        "Hand it to the technician.",
    ),
    DocCode(
        "DOC-17",
        "Neznámý formát",
        "Unknown format",
        "Formát souboru se nepodařilo rozpoznat. Vyberte jiný soubor, nebo přepište zápis z papíru.",
        "The file's format was not recognised. Choose another file, or type the protocol from paper.",
    ),
    DocCode(
        "DOC-20",
        "Prvek, který tam nepatří",
        "Element not expected",
        "Prvek {element} na toto místo nepatří ({where_cs}). Vyžádejte si nový soubor.",
        "The element {element} does not belong here ({where_en}). Ask for a new file.",
    ),
    DocCode(
        "DOC-21",
        "Chybí povinný údaj",
        "A required value is missing",
        "V prvku {element} chybí povinný údaj {attribute} ({where_cs}). Vyžádejte si nový soubor.",
        "The element {element} lacks the required value {attribute} ({where_en}). Ask for a new file.",
    ),
    DocCode(
        "DOC-22",
        "Neznámý údaj",
        "Unknown value",
        "Prvek {element} obsahuje neznámý údaj {attribute} ({where_cs}). Vyžádejte si nový soubor.",
        "The element {element} contains the unknown value {attribute} ({where_en}). Ask for a new file.",
    ),
    DocCode(
        "DOC-23",
        "Nesprávná hodnota",
        "Value not allowed",
        "Údaj {attribute} v prvku {element} nemůže mít hodnotu „{value}“ ({where_cs}). "
        "Vyžádejte si nový soubor.",
        "{attribute} in the element {element} cannot be “{value}” ({where_en}). Ask for a new file.",
    ),
    DocCode(
        "DOC-24",
        "Text, kde nemá být",
        "Text where none belongs",
        "V prvku {element} je text, který do něj nepatří ({where_cs}). Vyžádejte si nový soubor.",
        "The element {element} contains text that does not belong there ({where_en}). Ask for a new file.",
    ),
    DocCode(
        "DOC-25",
        "Dokument neodpovídá popisu",
        "Document against its description",
        "Prvek {element} neodpovídá popisu dokumentu ({where_cs}). Vyžádejte si nový soubor.",
        "The element {element} does not follow the document's description ({where_en}). Ask for a new file.",
    ),
    DocCode(
        "DOC-26",
        "Chybí vnořený prvek",
        "Inner element missing",
        "V prvku {element} chybí vnořený prvek {lacking} ({where_cs}). Vyžádejte si nový soubor.",
        "The element {element} lacks an inner element {lacking} ({where_en}). Ask for a new file.",
    ),
    DocCode(
        "DOC-30",
        "Týž zápis dvakrát",
        "The same protocol twice",
        "Soubor obsahuje dvakrát zápis {form} okrsku {precinct}. "
        "Vyžádejte si soubor, v němž je jen ten platný.",
        "The file contains the {form} protocol of precinct {precinct} twice. "
        "Ask for a file with only the valid one.",
    ),
    DocCode(
        "DOC-40",
        "Text nelze zapsat",
        "Text cannot be written",
        "Text v údaji {attribute} je prázdný, delší než {limit} znaků, nebo obsahuje nedovolený řídicí znak. "
        "Opravte jej.",
        "The text of {attribute} is empty, longer than {limit} characters or contains a control character "
        "that is not allowed. Mend it.",
    ),
)

#: Every code that a document can be refused with, in order.
DOC_CODES = MappingProxyType({row.code: row for row in _TABLE})


class DocumentError(KnownError):
    """A document is refused. `line` and `column` count from 1 (0: not known), the column in characters;
    `element` and `attribute` are the official names, or empty; `detail` is for a technician."""

    def __init__(
        self,
        code: str,
        cs: str,
        en: str,
        *,
        line: int = 0,
        column: int = 0,
        element: str = "",
        attribute: str = "",
        detail: str = "",
    ) -> None:
        super().__init__(code, cs, en)
        self.line = line
        self.column = column
        self.element = element
        self.attribute = attribute
        self.detail = detail


def refusal(
    code: str, *, line: int = 0, column: int = 0, element: str = "", attribute: str = "", detail: str = "",
    **places: object,
) -> DocumentError:  # fmt: skip
    """The error of `code` with its sentences filled in; `places` are the rest of their named places."""
    row = DOC_CODES[code]
    places |= {
        "element": element,
        "attribute": attribute,
        "where_cs": _where(line, column, "řádek", "sloupec", "místo neznámé"),
        "where_en": _where(line, column, "line", "column", "place unknown"),
    }
    return DocumentError(
        code, row.cs.format_map(places), row.en.format_map(places),
        line=line, column=column, element=element, attribute=attribute, detail=detail,
    )  # fmt: skip


def _where(line: int, column: int, line_word: str, column_word: str, unknown: str) -> str:
    if not line:
        return unknown
    return f"{line_word} {line}, {column_word} {column}" if column else f"{line_word} {line}"


def size_texts(size: int, *, upwards: bool) -> tuple[str, str]:
    """`size` bytes in Czech and English, in kB or MB to one decimal; rounded up or down as asked."""
    unit, name = (1_000_000, "MB") if size >= 1_000_000 else (1_000, "kB")
    tenths = -(-size * 10 // unit) if upwards else size * 10 // unit
    whole, rest = divmod(tenths, 10)
    return (
        (f"{whole},{rest} {name}", f"{whole}.{rest} {name}")
        if rest
        else (f"{whole} {name}", f"{whole} {name}")
    )
