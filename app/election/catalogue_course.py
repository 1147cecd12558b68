"""The catalogue's rules on the course of things: procedure (PR) and sums of areas (AG)."""

from app.election.rule import JudgedBy, Rule, Severity

_B, _W = Severity.BLOCKING, Severity.WARNING

RULES = (
    Rule(
        "PR-01",
        _B,
        "Oprava je nová revize s příznakem OPRAVA, důvodem a autorem",
        "A correction is a new revision with the flag OPRAVA, a reason and an author",
        "Opravujte vždy poslední převzatý zápis a napište, proč se opravuje. Původní zápis zůstává uložen.",
        "Always correct the last accepted protocol and write why. The earlier one stays stored.",
    ),
    Rule(
        "PR-02",
        _B,
        "Zápis je předán do 24 hodin po hlasování, jinak s povolením ústředí",
        "Handed over within 24 hours of voting, later only with the centre's permission",
        "Požádejte ústředí o povolení pozdního převzetí.",
        "Ask the centre for permission to accept late.",
    ),
    Rule(
        "PR-03",
        _B,
        "Protokol o bezchybném převzetí se tiskne jen k obsahu, který ústředí potvrdilo",
        "The confirmation prints only for the content that the centre's receipt confirms",
        "Počkejte na potvrzení ústředí. Potvrdilo-li jiný obsah, zavolejte na ústředí.",
        "Wait for the centre's receipt. If it confirms another content, call the centre.",
    ),
    Rule(
        "PR-04",
        _B,
        "Zkušební a ostrá data se nemíchají",
        "Rehearsal and live data do not mix",
        "Soubor je z jiného režimu, než ve kterém pracuje tato stanice. Vyžádejte si správný soubor.",
        "The file is of another mode than this station. Ask for the right file.",
    ),
    Rule(
        "PR-06",
        _W,
        "Lhůta k opravě odmítnutého zápisu nekončí do 30 minut",
        "The deadline after a refusal is more than 30 minutes away",
        "Zavolejte komisi; lhůta k opravě brzy uplyne.",
        "Call the commission; its deadline is near.",
        judged_by=JudgedBy.LATER,
    ),
    Rule(
        "AG-01",
        _B,
        "Součet okrsků je roven obci, okresu, kraji i celku",
        "Precincts add up to municipality, district, region and country",
        "Výsledky se nezveřejní, dokud součty nesouhlasí. Ústředí znovu sečte všechny převzaté zápisy.",
        "Nothing is published until the sums agree. The centre counts all accepted protocols again.",
        judged_by=JudgedBy.TALLY,
    ),
    Rule(
        "AG-02",
        _B,
        "Zpracovaných okrsků neubývá a hlasů ubývá jen opravou",
        "Processed precincts never fall, votes fall only with a correction",
        "Výsledky se nezveřejní. Ústředí zjistí, který zápis zmizel.",
        "Nothing is published. The centre finds out which protocol is gone.",
        judged_by=JudgedBy.TALLY,
    ),
)
