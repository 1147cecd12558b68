"""The catalogue's rules on identity (ID) and form (FM)."""

from app.election.rule import REGIONAL_ONLY, Rule, Severity

_B, _P, _W = Severity.BLOCKING, Severity.PASSABLE, Severity.WARNING

RULES = (
    Rule(
        "ID-01",
        _B,
        "Kontrolní číslo KC_1 souhlasí s obcí a okrskem",
        "The control number KC_1 fits municipality and precinct",
        "KC_1 váže zápis k okrsku. Porovnejte číslo obce a okrsku se štítkem komise a s podepsaným zápisem.",
        "KC_1 binds the protocol to its precinct. Compare the numbers of municipality and precinct with the "
        "commission's label and the signed protocol.",
    ),
    Rule(
        "ID-02",
        _B,
        "Okrsek existuje a patří k tomuto přebíracímu místu",
        "The precinct exists and belongs to this transfer point",
        "Ověřte číslo obce a okrsku. Patří-li okrsek jinam, pošlete komisi na její přebírací místo.",
        "Verify the numbers of municipality and precinct. If the precinct belongs elsewhere, send the "
        "commission to its own transfer point.",
    ),
    Rule(
        "ID-03",
        _B,
        "Volby, kolo, okres a obvod patří k okrsku",
        "Election, round, district and Senate district fit the precinct",
        "Zápis je z jiných voleb, z jiného kola nebo z jiného území. Vyžádejte si správný zápis.",
        "The protocol is of another election, round or territory. Ask for the right one.",
    ),
    Rule(
        "ID-04",
        _B,
        "Za okrsek a tyto volby ještě není převzat žádný zápis",
        "Nothing is accepted yet for this precinct and contest",
        "Druhý zápis téhož okrsku se přijímá jen jako oprava. Otevřete převzatý zápis a zvolte opravu.",
        "A second protocol of the same precinct is taken only as a correction. Open the accepted one and "
        "choose to correct it.",
    ),
    Rule(
        "ID-05",
        _W,
        "Ze souběžných voleb přinesla komise oba zápisy",
        "In a joint election the commission brought both protocols",
        "Zeptejte se komise na druhý zápis; přináší oba najednou.",
        "Ask the commission for the other protocol; both come in one visit.",
    ),
    Rule(
        "ID-06",
        _B,
        "Typ a verze tiskopisu jsou z těchto voleb",
        "Form type and form version are this election's",
        "Soubor vznikl podle jiného tiskopisu. Vyžádejte si soubor z programu pro tyto volby, nebo zápis "
        "opište z papíru.",
        "The file was made for another form. Ask for a file from the program of this election, or type the "
        "protocol from paper.",
    ),
    Rule(
        "FM-01",
        _B,
        "Všechny povinné počty jsou vyplněny platným číslem",
        "Every mandatory count is there and is a valid number",
        "Prázdné pole není nula. Doplňte údaj podle podepsaného zápisu; chybí-li i tam, doplní jej komise.",
        "A blank is not a zero. Fill the number in from the signed protocol; if it is missing there too, the "
        "commission fills it in.",
    ),
    Rule(
        "FM-02",
        _B,
        "Listy druhé části odpovídají vyznačeným stranám, každá strana jednou",
        "The sheets of part 2 match the marked lists, each list once",
        "Porovnejte listy zápisu s políčky ZAKRSTRANA: některý list chybí, přebývá nebo je dvakrát.",
        "Compare the sheets with the marks of ZAKRSTRANA: a sheet is missing, surplus or there twice.",
        contests=REGIONAL_ONLY,
    ),
    Rule(
        "FM-03",
        _B,
        "Listiny a kandidáti jsou zde registrováni",
        "Lists and candidates are registered here",
        "Číslo strany nebo kandidáta na hlasovacích lístcích tohoto kraje či obvodu není. Zkontrolujte je na "
        "podepsaném zápisu.",
        "The number of a list or a candidate is not on the ballots of this region or district. Check it "
        "on the signed protocol.",
    ),
    Rule(
        "FM-04",
        _B,
        "Žádný list druhé části nemá nula hlasů",
        "No sheet of part 2 has 0 votes",
        "Za stranu bez hlasů se list nevyplňuje. Buď chybí počet hlasů, nebo list do zápisu nepatří.",
        "There is no sheet for a list without votes. Either the votes are missing or the sheet is surplus.",
        contests=REGIONAL_ONLY,
    ),
    Rule(
        "FM-05",
        _P,
        "Zápis podepsali všichni členové komise, nebo je přiložen důvod",
        "All members of the commission signed, or the reasons are annexed",
        "Nechte zápis podepsat, nebo převezměte přílohu s důvody, proč podpis chybí.",
        "Have the protocol signed, or take the annex with the reasons why a signature is missing.",
    ),
    Rule(
        "FM-06",
        _W,
        "Hlasování skončilo v zákonnou dobu a předání je až po něm; prodloužení má důvod",
        "Voting ended at the lawful time, the handover is later, an extension has its reason",
        "Zkontrolujte časy na zápisu a zdůvodnění prodlouženého hlasování.",
        "Check the times on the protocol and the reason of an extension.",
    ),
)
