"""The catalogue's rules on numbers: logic (LG), control numbers (KC) and plausibility (PL)."""

from app.election.rule import REGIONAL_ONLY, ROUND_2_ONLY, Rule, Severity

_B, _P, _W, _I = Severity.BLOCKING, Severity.PASSABLE, Severity.WARNING, Severity.INFORMATION

LOGIC = (
    Rule(
        "LG-01",
        _B,
        "Vydaných obálek není víc než zapsaných voličů",
        "No more envelopes issued than registered voters",
        "Zkontrolujte VOL_SEZNAM a VYD_OBALKY podle podepsaného zápisu; bývají prohozené.",
        "Check VOL_SEZNAM and VYD_OBALKY on the signed protocol; they tend to be exchanged.",
    ),
    Rule(
        "LG-02",
        _P,
        "Odevzdaných obálek není víc než vydaných",
        "No more envelopes returned than issued",
        "Zkontrolujte VYD_OBALKY a ODEVZ_OBAL. Souhlasí-li s podepsaným zápisem, je třeba důvod a souhlas "
        "vedoucího.",
        "Check VYD_OBALKY and ODEVZ_OBAL. If they are as signed, a reason and the supervisor's approval are "
        "needed.",
    ),
    Rule(
        "LG-03",
        _P,
        "Platných hlasů není víc než odevzdaných obálek",
        "No more valid votes than envelopes returned",
        "Závažná chyba: v obálce je nejvýš jeden platný lístek. Zkontrolujte ODEVZ_OBAL, PL_HL_CELK a hlasy "
        "jednotlivých stran či kandidátů.",
        "A grave error: an envelope holds one valid ballot at most. Check ODEVZ_OBAL, PL_HL_CELK and the "
        "votes of each list or candidate.",
    ),
    Rule(
        "LG-04",
        _P,
        "Byla vydána aspoň jedna obálka",
        "At least one envelope was issued",
        "Ověřte u komise, že opravdu nikdo nehlasoval.",
        "Ask the commission whether really nobody voted.",
    ),
    Rule(
        "LG-05",
        _B,
        "Hlasy pro listiny či kandidáty dávají dohromady platné hlasy",
        "The votes of lists or candidates add up to the valid votes",
        "Projděte hlasy jednu po druhé podle podepsaného zápisu a porovnejte PL_HL_CELK.",
        "Go through the votes one by one by the signed protocol and compare PL_HL_CELK.",
    ),
    Rule(
        "LG-06",
        _B,
        "Kandidát nemá víc přednostních hlasů, než má hlasů jeho listina",
        "No candidate has more preferential votes than the list has votes",
        "Zkontrolujte přednostní hlasy toho kandidáta a počet hlasů listiny.",
        "Check that candidate's preferential votes and the votes of the list.",
        contests=REGIONAL_ONLY,
    ),
    Rule(
        "LG-07",
        _B,
        "Přednostních hlasů listiny je nejvýš čtyřnásobek jejích hlasů",
        "Preferential votes of a list are at most four times its votes",
        "Na lístku jsou nejvýš čtyři přednostní hlasy. Zkontrolujte je i počet hlasů listiny.",
        "A ballot gives four preferences at most. Check the preferential votes and the votes of the list.",
        contests=REGIONAL_ONLY,
    ),
    Rule(
        "LG-08",
        _W,
        "Hlasy nemá kandidát, jehož kandidatura už neplatí",
        "No votes for a candidate who is no longer valid",
        "Ověřte číslo kandidáta; hlasy pro neplatného kandidáta se zapíší, ale nezapočítají.",
        "Verify the candidate's number; votes for an invalid candidate are recorded but do not count.",
    ),
    Rule(
        "LG-09",
        _B,
        "Ve druhém kole mají hlasy jen oba postupující kandidáti",
        "In round 2 only the two finalists carry votes",
        "Zkontrolujte, u kterého čísla kandidáta jsou hlasy zapsány.",
        "Check at which candidate's number the votes are written.",
        contests=ROUND_2_ONLY,
    ),
)

CONTROLS = (
    Rule(
        "KC-01",
        _B,
        "Kontrolní číslo KC_2 souhlasí",
        "The control number KC_2 is right",
        "Některý ze sčítaných údajů, nebo sám součet je opsán špatně. Porovnejte je s podepsaným zápisem.",
        "One of the numbers added up, or the sum itself, is wrong. Compare them with the signed protocol.",
    ),
    Rule(
        "KC-02",
        _B,
        "Kontrolní čísla KC_3, KC_4 a KC_5 souhlasí",
        "The control numbers KC_3, KC_4 and KC_5 are right",
        "Některý hlas je u jiného kandidáta, chybí nebo přebývá. Projděte list kandidáta po kandidátovi.",
        "A vote is at another candidate, is missing or surplus. Go through the sheet one by one.",
    ),
    Rule(
        "KC-03",
        _B,
        "Číslo posledního kandidáta s hlasem souhlasí",
        "The number of the last candidate with a vote is right",
        "Podívejte se na konec listu: poslední vyplněný řádek má být u uvedeného kandidáta.",
        "Look at the end of the sheet: the last filled row should be at the stated candidate.",
    ),
    Rule(
        "KC-04",
        _B,
        "Celkový kontrolní součet KC_SUM souhlasí",
        "The checksum KC_SUM is right",
        "Soubor byl po vytvoření změněn nebo poškozen. Vyžádejte si jej znovu, nebo zápis opište z papíru.",
        "The file was changed or damaged after it was made. Ask for it again, or type it from paper.",
    ),
    Rule(
        "KC-05",
        _B,
        "Počty opsané z papíru jsou stejné jako v souboru",
        "The totals retyped from the paper are those of the file",
        "Papír a soubor nejsou týž zápis, nebo je v opisu překlep. Platí podepsaný papír.",
        "Paper and file are not the same protocol, or a digit was mistyped. The signed paper is what counts.",
    ),
)

PLAUSIBILITY = (
    Rule(
        "PL-01",
        _W,
        "Listina s mnoha hlasy má nějaké přednostní hlasy",
        "A list with many votes has some preferential votes",
        "Podívejte se na list té strany: jsou políčka u kandidátů opravdu prázdná? Zeptejte se komise, zda "
        "přednostní hlasy sečetla.",
        "Look at that list's sheet: are its boxes really empty? Ask the commission whether it counted the "
        "preferential votes.",
        contests=REGIONAL_ONLY,
    ),
    Rule(
        "PL-02",
        _W,
        "Přednostní hlasy jsou sečteny i na zadní straně lístku",
        "Preferential votes of the ballot's reverse page were counted too",
        "Otočte hlasovací lístky i list zápisu: zeptejte se, zda komise sečetla i kandidáty na zadní straně.",
        "Turn ballots and sheet over: ask whether the commission counted the candidates overleaf as well.",
        contests=REGIONAL_ONLY,
    ),
    Rule(
        "PL-03",
        _W,
        "Podíl neplatných hlasů není neobvykle vysoký",
        "The share of invalid votes is not unusually high",
        "Zkontrolujte ODEVZ_OBAL a PL_HL_CELK na podepsaném zápisu a zeptejte se, proč byly hlasy neplatné.",
        "Check ODEVZ_OBAL and PL_HL_CELK on the signed protocol and ask why the votes were invalid.",
    ),
    Rule(
        "PL-04",
        _W,
        "Téměř všechny vydané obálky byly odevzdány",
        "Nearly all envelopes issued were returned",
        "Zkontrolujte VYD_OBALKY a ODEVZ_OBAL na podepsaném zápisu, číslici po číslici.",
        "Check VYD_OBALKY and ODEVZ_OBAL on the signed protocol, digit by digit.",
    ),
    Rule(
        "PL-05",
        _W,
        "Volební účast není neobvyklá",
        "The turnout is not unusual",
        "Zkontrolujte VOL_SEZNAM a VYD_OBALKY na podepsaném zápisu a číslo okrsku na jeho začátku.",
        "Check VOL_SEZNAM and VYD_OBALKY on the signed protocol, and the precinct's number at its head.",
    ),
    Rule(
        "PL-06",
        _W,
        "Na hlas listiny nepřipadá neobvykle mnoho přednostních hlasů",
        "Preferential votes per vote of a list are not unusually many",
        "Zkontrolujte POC_HLASU té listiny a zeptejte se, jak komise přednostní hlasy počítala.",
        "Check POC_HLASU of that list and ask how the commission counted the preferential votes.",
        contests=REGIONAL_ONLY,
    ),
    Rule(
        "PL-07",
        _W,
        "Dvě listiny nebo kandidáti nevypadají prohozeně",
        "No two lists or candidates look exchanged",
        "Přečtěte z podepsaného zápisu číslo i název a hlasy obou řádků; nejsou-li v souboru prohozené, "
        "zeptejte se komise, zda je neprohodila sama.",
        "Read number, name and votes of both rows from the signed protocol; if the file has them alike, ask "
        "the commission whether it exchanged them itself.",
    ),
    Rule(
        "PL-08",
        _I,
        "Oba souběžné zápisy mají podobné počty voličů a obálek",
        "The two protocols of a joint election have similar counts",
        "Porovnejte VOL_SEZNAM a VYD_OBALKY obou podepsaných zápisů; rozdíl mohou vysvětlit voličské "
        "průkazy.",
        "Compare VOL_SEZNAM and VYD_OBALKY of both signed protocols; voter passes may explain a difference.",
    ),
    Rule(
        "PL-09",
        _W,
        "Počet zapsaných voličů je blízký očekávanému",
        "Registered voters are near the expected number",
        "Zkontrolujte VOL_SEZNAM podle podepsaného zápisu a číslo okrsku na jeho začátku: nejde o jiný "
        "okrsek?",
        "Check VOL_SEZNAM on the signed protocol and the precinct's number at its head: is it another "
        "precinct's?",
    ),
    Rule(
        "PL-10",
        _W,
        "Stejná čísla nemá jiný okrsek",
        "No other precinct has the same set of numbers",
        "Ověřte na podepsaném zápisu číslo obce a okrsku: jeden z obou souborů patří asi jinému okrsku.",
        "Verify municipality and precinct on the signed protocol: one of the two files is another "
        "precinct's.",
    ),
)

RULES = (*LOGIC, *CONTROLS, *PLAUSIBILITY)
