"""The sentences of the readiness check by their codes RDY-NN: the one home of both languages.

For each: how it stands, what was found and what to do (empty: nothing), in Czech and English. What the
examination of the line or another part of the station finds keeps its own code.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Words(NamedTuple):
    """One code: `{…}` are values. `state` is a value of `outcomes.State`; `excused`: not tried, and nobody
    has to."""

    state: str
    cs: str
    en: str
    do_cs: str = ""
    do_en: str = ""
    excused: bool = False


_OK, _WARNING, _FAILED, _NOT = "ok", "warning", "failed", "not tried"

TABLE: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "RDY-01": Words(
            _OK,
            "Obrazovka má {width} × {height} bodů při zvětšení {scale} %.",
            "The screen has {width} × {height} pixels at {scale} %.",
        ),
        "RDY-02": Words(
            _FAILED,
            "Obrazovka má jen {width} × {height} bodů při zvětšení {scale} %.",
            "The screen has only {width} × {height} pixels at {scale} %.",
            "Nastavte vyšší rozlišení nebo menší zvětšení; okno potřebuje 1366 × 768 při 150 %.",
            "Set a higher resolution or a smaller scale; the window needs 1366 × 768 at 150 %.",
        ),
        "RDY-03": Words(
            _NOT,
            "Obrazovku zkouší jen okno programu.",
            "Only the window tries the screen.",
            "Otevřete okno a zopakujte kontrolu tam.",
            "Open the window and check again there.",
        ),
        "RDY-05": Words(
            _OK, "Výchozí tiskárna {name} tiskne na A4.", "The default printer {name} prints on A4."
        ),
        "RDY-06": Words(
            _FAILED,
            "V počítači není žádná tiskárna.",
            "There is no printer on this computer.",
            "Připojte a nainstalujte tiskárnu; bez ní komise nedostane opis.",
            "Connect and install a printer; without it a commission gets no transcript.",
        ),
        "RDY-07": Words(
            _WARNING,
            "Tiskárny tu jsou ({names}), žádná však není výchozí.",
            "There are printers ({names}), but none is the default.",
            "Nastavte v systému výchozí tiskárnu.",
            "Set the default printer in the system.",
        ),
        "RDY-08": Words(
            _WARNING,
            "Výchozí tiskárna {name} nemá nastavený papír A4.",
            "The default printer {name} is not set to A4 paper.",
            "Nastavte u ní papír A4.",
            "Set its paper to A4.",
        ),
        "RDY-09": Words(
            _NOT,
            "Tiskárna se nezkoušela.",
            "The printer was not tried.",
            "Otevřete okno a zopakujte kontrolu tam.",
            "Open the window and check again there.",
        ),
        "RDY-10": Words(
            _OK,
            "Na flash disk {place} se zapsalo a přečetlo {size} kB beze změny.",
            "{size} kB were written to the stick {place} and read back unchanged.",
        ),
        "RDY-11": Words(
            _NOT,
            "Není zasunutý žádný flash disk.",
            "No stick is plugged in.",
            "Zasuňte prázdný flash disk a zopakujte zkoušku.",
            "Plug in an empty stick and repeat the trial.",
        ),
        "RDY-12": Words(
            _FAILED,
            "Na flash disk {place} nelze zapsat nebo se zapsané nečte stejně ({detail}).",
            "The stick {place} cannot be written, or what was written reads otherwise ({detail}).",
            "Zkuste jiný flash disk a jiný port USB.",
            "Try another stick and another USB port.",
        ),
        "RDY-15": Words(
            _OK, "Čtečka poslala celý kód a Enter.", "The scanner sent the whole code and Enter."
        ),
        "RDY-16": Words(
            _NOT,
            "Čtečka kódů se nezkoušela; lze pracovat i bez ní.",
            "The code scanner was not tried; the work can be done without it.",
            "Máte-li čtečku, klepněte do pole a načtěte zkušební kód.",
            "If you have one, click into the field and scan the test code.",
            excused=True,
        ),
        "RDY-17": Words(
            _FAILED,
            "Čtečka poslala „{scanned}“ místo zkušebního kódu.",
            "The scanner sent “{scanned}” instead of the test code.",
            "Nastavte čtečku na českou nebo anglickou klávesnici a Enter na konci.",
            "Set the scanner to the computer's keyboard layout and to send Enter.",
        ),
        "RDY-20": Words(
            _OK,
            "Na disku je volno {free} MB; jistý zápis trvá {ms} ms.",
            "{free} MB are free on the disk; a safe write takes {ms} ms.",
        ),
        "RDY-21": Words(
            _WARNING,
            "Na disku je volno už jen {free} MB; jistý zápis trvá {ms} ms.",
            "Only {free} MB are free on the disk; a safe write takes {ms} ms.",
            "Uvolněte místo na disku.",
            "Free space on the disk.",
        ),
        "RDY-22": Words(
            _FAILED,
            "Na disku je volno jen {free} MB.",
            "Only {free} MB are free on the disk.",
            "Uvolněte na disku aspoň 2 GB, jinak se zápisy nemusejí uložit.",
            "Free at least 2 GB, or protocols may not be stored.",
        ),
        "RDY-23": Words(
            _WARNING,
            "Disk je pomalý: jistý zápis trvá {ms} ms (volno je {free} MB).",
            "The disk is slow: a safe write takes {ms} ms ({free} MB are free).",
            "Složka stanice má být na vnitřním disku, ne v síti.",
            "The station's folder should be on an inner disk, not on a network.",
        ),
        "RDY-24": Words(
            _FAILED,
            "Do složky stanice nelze zapisovat ({detail}).",
            "The station's folder cannot be written to ({detail}).",
            "Zkontrolujte disk a oprávnění ke složce.",
            "Check the disk and the folder's rights.",
        ),
        "RDY-30": Words(
            _OK,
            "Certifikát stanice patří k jejímu klíči a platí do {until}, tedy přes celou noc.",
            "The station's certificate belongs to its key and is valid until {until}, "
            "through the whole night.",
        ),
        "RDY-31": Words(
            _FAILED,
            "Certifikát stanice platí od {since} do {until}, ne po celou volební noc.",
            "The station's certificate is valid from {since} until {until}, not for the whole night.",
            "Vyžádejte si od ústředí nový certifikát.",
            "Ask the centre for a new certificate.",
        ),
        "RDY-35": Words(
            _OK,
            "Číselníky: {election}, {mode}, okrsků {precincts}, zápisů {protocols}; podpis platí.",
            "Reference data: {election}, {mode}, {precincts} precincts, {protocols} protocols; "
            "the signature holds.",
        ),
        "RDY-36": Words(
            _FAILED,
            "Číselníky nelze použít: {detail}",
            "The reference data cannot be used: {detail_en}",
            "Vyžádejte si od ústředí nový balíček stanice.",
            "Ask the centre for the station's package again.",
        ),
        "RDY-37": Words(
            _FAILED,
            "Podle číselníků na toto přebírací místo nepatří žádný okrsek.",
            "By the reference data no precinct belongs to this transfer point.",
            "Ověřte u ústředí číslo přebíracího místa.",
            "Ask the centre about the transfer point's number.",
        ),
        "RDY-40": Words(
            _OK,
            "Zkušební zápis došel do ústředí, prošel kontrolami a odpověď je zpět za {ms} ms.",
            "A trial protocol reached the centre, passed its checks and was answered in {ms} ms.",
        ),
        "RDY-41": Words(
            _OK,
            "Podepsaný dotaz došel do ústředí a podepsaná odpověď je zpět za {ms} ms.",
            "A signed inquiry reached the centre and its signed answer was back in {ms} ms.",
        ),
        "RDY-42": Words(
            _FAILED,
            "Zkušební zápis se z ústředí nevrátil ({detail}).",
            "The trial protocol did not come back from the centre ({detail_en}).",
            "Projděte stránku Spojení; trvá-li chyba, zavolejte ústředí a přečtěte kód.",
            "Walk through the page Line; if it stays, call the centre and read the code.",
        ),
        "RDY-43": Words(
            _FAILED,
            "Ústředí zkušební zápis dostalo, ale neprošel kontrolami ({rules}).",
            "The centre got the trial protocol, but it failed checks ({rules}).",
            "Stanice a ústředí mají různé číselníky. Zavolejte ústředí a přečtěte kód.",
            "Station and centre have different reference data. Call the centre, read the code.",
        ),
        "RDY-45": Words(
            _OK,
            "Do místa pro zálohy {place} lze zapisovat a je na jiném disku.",
            "The place for backups {place} can be written to and is on another disk.",
        ),
        "RDY-46": Words(
            _WARNING,
            "Není zvoleno místo pro zálohy.",
            "No place for backups is chosen.",
            "Zvolte ho na stránce Uzavření, nejlépe flash disk nebo síťovou složku.",
            "Choose one on the page Closing, best a stick or a network folder.",
        ),
        "RDY-47": Words(
            _WARNING,
            "Místo pro zálohy {place} je na stejném disku jako stanice.",
            "The place for backups {place} is on the same disk as the station.",
            "Zvolte jiný disk, flash disk nebo síťovou složku.",
            "Choose another disk, a stick or a network folder.",
        ),
        "RDY-48": Words(
            _FAILED,
            "Do místa pro zálohy {place} nelze zapisovat ({detail}).",
            "The place for backups {place} cannot be written to ({detail}).",
            "Připojte ho, nebo zvolte jiné.",
            "Connect it, or choose another.",
        ),
        "RDY-50": Words(_OK, "Počítač je napájen ze sítě.", "The computer runs on mains power."),
        "RDY-51": Words(
            _WARNING,
            "Počítač běží na baterii ({percent} %).",
            "The computer runs on its battery ({percent} %).",
            "Připojte napájení ze sítě.",
            "Connect it to mains power.",
        ),
        "RDY-52": Words(
            _FAILED,
            "Počítač běží na baterii a zbývá {percent} %.",
            "The computer runs on its battery and {percent} % are left.",
            "Hned připojte napájení ze sítě.",
            "Connect it to mains power at once.",
        ),
        "RDY-53": Words(
            _NOT,
            "Systém neříká, z čeho je počítač napájen.",
            "The system does not say what the computer runs on.",
            "Zkontrolujte kabel napájení očima.",
            "Look at the power cable.",
            excused=True,
        ),
        "RDY-55": Words(
            _OK,
            "Databáze stanice je celá tak, jak ji program zapsal.",
            "The station's database is all as the program wrote it.",
        ),
        "RDY-60": Words(_OK, "Program je {software}.", "The program is {software}."),
        "RDY-61": Words(
            _WARNING,
            "Program {software} není mezi schválenými, nebo seznam schválených prošel.",
            "The program {software} is not among the approved ones, or their list has expired.",
            "Ověřte u ústředí, zda s ním smíte pracovat.",
            "Ask the centre whether you may work with it.",
        ),
        "RDY-62": Words(
            _FAILED,
            "Program {software} se v těchto volbách nesmí používat.",
            "The program {software} must not be used in this election.",
            "Nainstalujte schválenou verzi, kterou dalo ústředí.",
            "Install the approved version that the centre gave out.",
        ),
        "RDY-63": Words(
            _OK,
            "Program je {software} a je schválen.",
            "The program is {software}, and it is approved.",
        ),
        "RDY-90": Words(_NOT, "Vynecháno na přání.", "Left out on request.", excused=True),
        "RDY-91": Words(
            _FAILED,
            "Zkouška skončila neznámou chybou ({detail}).",
            "The trial ended with an unknown trouble ({detail}).",
            "Zopakujte ji; trvá-li chyba, zavolejte technika ústředí.",
            "Repeat it; if it stays, call the centre's technician.",
        ),
        "RDY-92": Words(
            _NOT, "Ještě se nezkoušelo.", "Not tried yet.", "Spusťte kontrolu.", "Start the check."
        ),
    }
)
