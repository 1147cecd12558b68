"""Sentences on logic and control numbers (rules LG, KC); see `app.election.sentences`."""

_Four = tuple[str, str, str, str]

_CONTROL: _Four = (
    "Kontrolní číslo {column}{where} je {left}, z údajů vychází {right}. "
    "Porovnejte údaje i kontrolní číslo s podepsaným zápisem.",
    "The control number {column}{where_en} is {left}, the numbers give {right}. "
    "Compare the numbers and the control number with the signed protocol.",
    "Kontrolní číslo {column}{where} je {left}, jak z údajů vychází.",
    "The control number {column}{where_en} is {left}, as the numbers give.",
)

LOGIC: dict[tuple[str, str], _Four] = {
    ("LG-01", "issued"): (
        "Vydaných obálek je {left}, ale zapsaných voličů jen {right}. "
        "Zkontrolujte VYD_OBALKY a VOL_SEZNAM; bývají prohozené.",
        "{left:envelope was|envelopes were} issued, but only {right:voter is|voters are} registered. "
        "Check VYD_OBALKY and VOL_SEZNAM; they tend to be exchanged.",
        "Vydaných obálek je {left}, zapsaných voličů {right}.",
        "{left:envelope was|envelopes were} issued, {right:voter is|voters are} registered.",
    ),
    ("LG-02", "returned"): (
        "Odevzdaných obálek je {left}, ale vydaných jen {right}. Zkontrolujte ODEVZ_OBAL a VYD_OBALKY.",
        "{left:envelope was|envelopes were} returned, but only {right} issued. "
        "Check ODEVZ_OBAL and VYD_OBALKY.",
        "Odevzdaných obálek je {left}, vydaných {right}.",
        "{left:envelope was|envelopes were} returned, {right} issued.",
    ),
    ("LG-03", "valid"): (
        "Platných hlasů je {left}, ale odevzdaných obálek jen {right}. Zkontrolujte PL_HL_CELK a ODEVZ_OBAL.",
        "The valid votes are {left}, but only {right:envelope was|envelopes were} returned. "
        "Check PL_HL_CELK and ODEVZ_OBAL.",
        "Platných hlasů je {left}, odevzdaných obálek {right}.",
        "Valid votes: {left}, envelopes returned: {right}.",
    ),
    ("LG-04", "issued"): (
        "Podle zápisu nebyla vydána žádná obálka. Ověřte u komise, že opravdu nikdo nehlasoval.",
        "The protocol says that no envelope was issued. Ask the commission whether really nobody voted.",
        "Bylo vydáno obálek: {left}.",
        "{left:envelope was|envelopes were} issued.",
    ),
    ("LG-05", "lists"): (
        "Hlasy listin dávají dohromady {left}, platných hlasů je však {right} (rozdíl {difference}). "
        "Projděte POC_HLASU jednotlivých listin a PL_HL_CELK.",
        "The votes of the lists add up to {left}, but PL_HL_CELK is {right} (difference {difference}). "
        "Go through POC_HLASU of each list.",
        "Hlasy listin dávají dohromady {left}, stejně jako platné hlasy.",
        "The votes of the lists add up to {left}, the same as the valid votes.",
    ),
    ("LG-05", "candidates"): (
        "Hlasy kandidátů dávají dohromady {left}, platných hlasů je však {right} (rozdíl {difference}). "
        "Projděte hlasy jednotlivých kandidátů a PL_HL_CELK.",
        "The votes of the candidates add up to {left}, but PL_HL_CELK is {right} (difference {difference}). "
        "Go through the votes of each candidate.",
        "Hlasy kandidátů dávají dohromady {left}, stejně jako platné hlasy.",
        "The votes of the candidates add up to {left}, the same as the valid votes.",
    ),
    ("LG-06", "preference"): (
        "Kandidát č. {candidate}{candidate_name} má "
        "{left:přednostní hlas|přednostní hlasy|přednostních hlasů}, ale listina č. {list}{list_name} jen "
        "{right:hlas|hlasy|hlasů}. Zkontrolujte oba údaje.",
        "Candidate {candidate}{candidate_name} has {left:preferential vote|preferential votes}, but list "
        "{list}{list_name} only {right:vote|votes}. Check both numbers.",
        "Nejvíc přednostních hlasů listiny č. {list}{list_name} má kandidát č. {candidate}{candidate_name}: "
        "{left} při {right:hlasu|hlasech|hlasech} listiny.",
        "The most preferential votes of list {list}{list_name} has candidate {candidate}{candidate_name}: "
        "{left} with {right:vote|votes} of the list.",
    ),
    ("LG-07", "sum"): (
        "Listina č. {list}{list_name} má {left:přednostní hlas|přednostní hlasy|přednostních hlasů}; při "
        "{votes:hlasu|hlasech|hlasech} jich může být nejvýš {right}. Zkontrolujte je i počet hlasů listiny.",
        "List {list}{list_name} has {left:preferential vote|preferential votes}; with {votes:vote|votes} "
        "there may be {right} at most. Check them and the votes of the list.",
        "Listina č. {list}{list_name} má {left:přednostní hlas|přednostní hlasy|přednostních hlasů} z nejvýš "
        "{right} možných.",
        "List {list}{list_name} has {left:preferential vote|preferential votes} of {right} possible.",
    ),
    ("LG-09", "votes"): (
        "Kandidát č. {candidate}{candidate_name} má {left:hlas|hlasy|hlasů}, do druhého kola však "
        "nepostoupil. Hlasy mohou mít jen kandidáti {finalists}.",
        "Candidate {candidate}{candidate_name} has {left:vote|votes}, but is no finalist. "
        "Only candidates {finalists} may have votes.",
        "Postupující kandidát č. {candidate}{candidate_name} má {left:hlas|hlasy|hlasů}.",
        "Finalist {candidate}{candidate_name} has {left:vote|votes}.",
    ),
}

CONTROLS: dict[tuple[str, str], _Four] = {
    ("KC-01", "control"): _CONTROL,
    ("KC-02", "control"): _CONTROL,
    ("KC-03", "control"): (
        "Poslední kandidát s hlasem{where} má být č. {left} (POSL_KAND), podle hlasů je to {right}. "
        "Podívejte se na konec listu.",
        "The last candidate with a vote{where_en} should be {left} (POSL_KAND), by the votes it is {right}. "
        "Look at the end of the sheet.",
        "Poslední kandidát s hlasem{where} je č. {left}.",
        "The last candidate with a vote{where_en} is {left}.",
    ),
    ("KC-04", "control"): (
        "Kontrolní součet KC_SUM{where} je {left}, z údajů vychází {right}. Soubor byl změněn nebo poškozen: "
        "vyžádejte si jej znovu, nebo zápis opište z papíru.",
        "The checksum KC_SUM{where_en} is {left}, the numbers give {right}. The file was changed or damaged: "
        "ask for it again, or type the protocol from paper.",
        "Kontrolní součet KC_SUM{where} je {left}, jak z údajů vychází.",
        "The checksum KC_SUM{where_en} is {left}, as the numbers give.",
    ),
    ("KC-05", "count"): (
        "V souboru je {column}{meaning} {left}, z papíru bylo opsáno {right}. "
        "Platí podepsaný papír: podívejte se na něj ještě jednou.",
        "The file says {column}{meaning} {left}, from the paper {right} was typed. "
        "The signed paper counts: look at it once more.",
        "Údaj {column}{meaning} je na papíru i v souboru {left}.",
        "{column}{meaning} is {left} on paper and in the file.",
    ),
    ("KC-05", "list"): (
        "Listina č. {list}{list_name} má v souboru {left:hlas|hlasy|hlasů}, z papíru bylo opsáno {right}. "
        "Platí podepsaný papír: podívejte se na něj ještě jednou.",
        "List {list}{list_name} has {left:vote|votes} in the file, from the paper {right} was typed. "
        "The signed paper counts: look at it once more.",
        "Listina č. {list}{list_name} má na papíru i v souboru {left:hlas|hlasy|hlasů}.",
        "List {list}{list_name} has {left:vote|votes} on paper and in the file.",
    ),
    ("KC-05", "candidate"): (
        "Kandidát č. {candidate}{candidate_name} má v souboru {left:hlas|hlasy|hlasů}, z papíru bylo opsáno "
        "{right}. Platí podepsaný papír: podívejte se na něj ještě jednou.",
        "Candidate {candidate}{candidate_name} has {left:vote|votes} in the file, from the paper {right} was "
        "typed. The signed paper counts: look at it once more.",
        "Kandidát č. {candidate}{candidate_name} má na papíru i v souboru {left:hlas|hlasy|hlasů}.",
        "Candidate {candidate}{candidate_name} has {left:vote|votes} on paper and in the file.",
    ),
    ("KC-05", "veiled_count"): (
        "Údaj {column}{meaning} z papíru a v souboru se liší. Podívejte se na papír ještě jednou a opište ho "
        "znovu.",
        "{column}{meaning} differs between the paper and the file. Look at the paper once more and type it "
        "again.",
        "",
        "",
    ),
    ("KC-05", "veiled_list"): (
        "Hlasy listiny č. {list}{list_name} se na papíru a v souboru liší. Podívejte se na papír ještě "
        "jednou a opište je znovu.",
        "The votes of list {list}{list_name} differ between the paper and the file. Look at the paper once "
        "more and type them again.",
        "",
        "",
    ),
    ("KC-05", "veiled_candidate"): (
        "Hlasy kandidáta č. {candidate}{candidate_name} se na papíru a v souboru liší. Podívejte se na "
        "papír ještě jednou a opište je znovu.",
        "The votes of candidate {candidate}{candidate_name} differ between the paper and the file. Look at "
        "the paper once more and type them again.",
        "",
        "",
    ),
}

TEMPLATES = {**LOGIC, **CONTROLS}
