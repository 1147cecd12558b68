"""Sentences on identity, form and procedure (rules ID, FM, PR); see `app.election.sentences`."""

_Four = tuple[str, str, str, str]

IDENTITY: dict[tuple[str, str], _Four] = {
    ("ID-01", "control"): (
        "Kontrolní číslo KC_1 je {left}, k okrsku {precinct}{municipality_name} patří {right}. "
        "Zkontrolujte číslo obce, okrsku a KC_1.",
        "The control number KC_1 is {left}; precinct {precinct}{municipality_name} has {right}. "
        "Check the numbers of municipality and precinct and KC_1.",
        "Kontrolní číslo KC_1 je {left}, jak k okrsku {precinct}{municipality_name} patří.",
        "The control number KC_1 is {left}, as precinct {precinct}{municipality_name} has it.",
    ),
    ("ID-02", "unknown"): (
        "Okrsek {precinct}{municipality_name} v číselníku této stanice není. "
        "Zkontrolujte číslo obce a okrsku na zápisu; jsou-li správně, patří komise jinam.",
        "Precinct {precinct}{municipality_name} is not in the register of this station. "
        "Check the numbers of municipality and precinct; if they are right, it belongs elsewhere.",
        "",
        "",
    ),
    ("ID-02", "point"): (
        "Okrsek {precinct}{municipality_name} patří k přebíracímu místu {left}, ne k {right}. "
        "Zkontrolujte číslo obce a okrsku, nebo pošlete komisi na její místo.",
        "Precinct {precinct}{municipality_name} belongs to transfer point {left}, not to {right}. "
        "Check the numbers of municipality and precinct, or send the commission to its own point.",
        "Okrsek {precinct}{municipality_name} patří k přebíracímu místu {right}.",
        "Precinct {precinct}{municipality_name} belongs to transfer point {right}.",
    ),
    ("ID-02", "known"): (
        "",
        "",
        "Okrsek {precinct}{municipality_name} je v číselníku.",
        "Precinct {precinct}{municipality_name} is in the register.",
    ),
    ("ID-03", "election"): (
        "Zde se přebírají volby „{right}“, na zápisu je uvedeno „{left}“. Vyžádejte si správný soubor.",
        "Here the election “{right}” is taken in, the protocol says “{left}”. Ask for the right file.",
        "Zápis je z voleb „{right}“.",
        "The protocol is of the election “{right}”.",
    ),
    ("ID-03", "contest"): (
        "Zápis {form}, {left}. kolo, k těmto volbám nepatří. Zkontrolujte tiskopis a kolo.",
        "The form {form}, round {left}, is no part of this election. Check the form and the round.",
        "",
        "",
    ),
    ("ID-03", "district"): (
        "Okrsek {precinct}{municipality_name} je v okresu {right}, na zápisu je uvedeno {left}. "
        "Zkontrolujte číslo okresu, obce a okrsku.",
        "Precinct {precinct}{municipality_name} is in district {right}, the protocol says {left}. "
        "Check the numbers of district, municipality and precinct.",
        "Okrsek {precinct}{municipality_name} je v okresu {right}.",
        "Precinct {precinct}{municipality_name} is in district {right}.",
    ),
    ("ID-03", "no_regional"): (
        "V okrsku {precinct}{municipality_name} se do zastupitelstva kraje nevolí. "
        "Zkontrolujte číslo obce a okrsku.",
        "There is no regional election in precinct {precinct}{municipality_name}. "
        "Check the numbers of municipality and precinct.",
        "",
        "",
    ),
    ("ID-03", "no_senate"): (
        "V okrsku {precinct}{municipality_name} se do Senátu nevolí. Zkontrolujte číslo obce a okrsku.",
        "There is no Senate election in precinct {precinct}{municipality_name}. "
        "Check the numbers of municipality and precinct.",
        "",
        "",
    ),
    ("ID-03", "senate_district"): (
        "Okrsek {precinct}{municipality_name} patří do senátního obvodu {right}, uvedeno je {left}. "
        "Zkontrolujte obvod, obec a okrsek.",
        "Precinct {precinct}{municipality_name} belongs to Senate district {right}, stated is {left}. "
        "Check district, municipality and precinct.",
        "Okrsek {precinct}{municipality_name} patří do senátního obvodu {right}.",
        "Precinct {precinct}{municipality_name} belongs to Senate district {right}.",
    ),
    ("ID-04", "accepted"): (
        "Za okrsek {precinct}{municipality_name} už je zápis {form} převzat (revize {left}). "
        "Druhý se přijímá jen jako oprava převzatého.",
        "A protocol {form} of precinct {precinct}{municipality_name} is accepted already (revision {left}). "
        "A second one is taken only as a correction of it.",
        "Za okrsek {precinct}{municipality_name} ještě žádný zápis {form} převzat není.",
        "No protocol {form} of precinct {precinct}{municipality_name} is accepted yet.",
    ),
    ("ID-06", "type"): (
        "Zápis {form} je tiskopis typu {right}, uvedeno je {left}. Vyžádejte si soubor správného tiskopisu.",
        "Form {form} has the type {right}, stated is {left}. Ask for a file of the right form.",
        "Typ tiskopisu je {right}.",
        "The form type is {right}.",
    ),
    ("ID-06", "version"): (
        "Tyto volby mají tiskopis verze {right}, uvedeno je {left}. Vyžádejte si soubor pro tyto volby.",
        "The forms of this election have version {right}, stated is {left}. Ask for a file of this election.",
        "Verze tiskopisu je {right}.",
        "The form version is {right}.",
    ),
}

FORM: dict[tuple[str, str], _Four] = {
    ("FM-01", "blank"): (
        "Údaj {column}{meaning}{where} chybí. Prázdné pole není nula: doplňte jej podle podepsaného zápisu.",
        "{column}{meaning}{where_en} is blank. A blank is not a zero: fill it in from the signed protocol.",
        "",
        "",
    ),
    ("FM-01", "negative"): (
        "Údaj {column}{meaning}{where} je záporný ({left}). Opravte jej podle podepsaného zápisu.",
        "{column}{meaning}{where_en} is negative ({left}). Correct it by the signed protocol.",
        "",
        "",
    ),
    ("FM-01", "wide"): (
        "Údaj {column}{meaning}{where} je {left}; může být jen od {least} do {right}. "
        "Opravte jej podle podepsaného zápisu.",
        "{column}{meaning}{where_en} is {left}; it may only be from {least} to {right}. "
        "Correct it by the signed protocol.",
        "",
        "",
    ),
    ("FM-01", "number"): (
        "",
        "",
        "Údaj {column}{meaning}{where} je vyplněn: {left}.",
        "{column}{meaning}{where_en} is there: {left}.",
    ),
    ("FM-02", "mark"): (
        "ZAKRSTRANA musí mít {right:znak|znaky|znaků} 0 nebo 1, zde jich je {count}. "
        "Vyžádejte si soubor znovu, nebo zápis opište z papíru.",
        "ZAKRSTRANA must have {right:character|characters} 0 or 1, here it has {count}. "
        "Ask for the file again, or type the protocol from paper.",
        "",
        "",
    ),
    ("FM-02", "twice"): (
        "Listina č. {list}{list_name} má {left:list|listy|listů}, může mít jen jeden. "
        "Zkontrolujte, které listině který list patří.",
        "List {list}{list_name} has {left:sheet|sheets}, it may have one only. "
        "Check which sheet belongs to which list.",
        "",
        "",
    ),
    ("FM-02", "no_sheet"): (
        "Listina č. {list}{list_name} je v ZAKRSTRANA vyznačena, její list však chybí. "
        "Najděte jej v zápisu, nebo zkontrolujte vyznačení.",
        "List {list}{list_name} is marked in ZAKRSTRANA, but its sheet is missing. "
        "Find it in the protocol, or check the mark.",
        "",
        "",
    ),
    ("FM-02", "no_mark"): (
        "Listina č. {list}{list_name} má v zápisu list, v ZAKRSTRANA však vyznačena není. "
        "Zkontrolujte číslo listiny a vyznačení.",
        "List {list}{list_name} has a sheet, but it is not marked in ZAKRSTRANA. "
        "Check the number of the list and the mark.",
        "",
        "",
    ),
    ("FM-02", "sheet"): (
        "",
        "",
        "Listina č. {list}{list_name} je vyznačena a má svůj list.",
        "List {list}{list_name} is marked and has its sheet.",
    ),
    ("FM-03", "list"): (
        "Listina č. {list} v kraji {region} nekandiduje. Zkontrolujte číslo listiny na podepsaném zápisu.",
        "List {list} does not stand in the region {region}. Check the list's number on the signed protocol.",
        "",
        "",
    ),
    ("FM-03", "candidate"): (
        "Hlasy má kandidát č. {candidate}, ten{of_list} registrován není (poslední má číslo {right}). "
        "Zkontrolujte řádek na podepsaném zápisu.",
        "Votes stand at candidate {candidate}, who is not registered{of_list_en} (the last has number "
        "{right}). Check the row on the signed protocol.",
        "",
        "",
    ),
    ("FM-03", "candidate_twice"): (
        "Kandidát č. {candidate}{candidate_name}{of_list} je zapsán {left}krát. "
        "Zkontrolujte jeho hlasy na podepsaném zápisu.",
        "Candidate {candidate}{candidate_name}{of_list_en} is there {left} times. "
        "Check the votes on the signed protocol.",
        "",
        "",
    ),
    ("FM-03", "registered"): (
        "",
        "",
        "Všichni zapsaní kandidáti{of_list} jsou registrováni (nejvyšší číslo {left} z {right}).",
        "All candidates stated{of_list_en} are registered (highest number {left} of {right}).",
    ),
    ("FM-04", "votes"): (
        "List listiny č. {list}{list_name} má 0 hlasů. Buď v něm chybí počet hlasů, nebo do zápisu nepatří.",
        "The sheet of list {list}{list_name} has 0 votes. Either its votes are missing, or it is surplus.",
        "List listiny č. {list}{list_name} má {left:hlas|hlasy|hlasů}.",
        "The sheet of list {list}{list_name} has {left:vote|votes}.",
    ),
    ("FM-05", "signatures"): (
        "Na zápisu chybí podpis a příloha s důvody přiložena není. Nechte zápis podepsat, nebo převezměte "
        "přílohu.",
        "A signature is missing and there is no annex with the reasons. Have the protocol signed, or take "
        "the annex.",
        "Zápis je podepsán všemi členy komise.",
        "The protocol is signed by all members.",
    ),
    ("FM-05", "annex"): (
        "",
        "",
        "Na zápisu chybí podpis a příloha uvádí důvody. Přílohu převezměte s ním.",
        "A signature is missing and the annex states the reasons. Take the annex with the protocol.",
    ),
}

COURSE: dict[tuple[str, str], _Four] = {
    ("PR-01", "nothing"): (
        "Opravit není co: za tento okrsek ještě žádný zápis převzat není. Převezměte zápis jako první.",
        "There is nothing to correct: no protocol of this precinct is accepted yet. Take it as the first.",
        "",
        "",
    ),
    ("PR-01", "revision"): (
        "Oprava má číslo revize {left}, následovat má {right}: mezitím přibyla jiná, nebo některá chybí. "
        "Otevřete poslední převzatý zápis a opravte ten.",
        "The correction is revision {left}, but {right} is to follow: another came in between, or one is "
        "missing. Open the last accepted protocol and correct that.",
        "Oprava je revize {right} a navazuje na poslední převzatou.",
        "The correction is revision {right} and follows the last accepted one.",
    ),
    ("PR-01", "flag"): (
        "Oprava převzatého zápisu má mít příznak OPRAVA {right}, má však {left}. Označte zápis jako opravu.",
        "A correction has the flag OPRAVA {right}, but it is {left}. Mark the protocol as a correction.",
        "Zápis má příznak OPRAVA {right}.",
        "The protocol has the flag OPRAVA {right}.",
    ),
    ("PR-01", "reason"): (
        "U opravy chybí důvod. Napište, proč se převzatý zápis opravuje.",
        "The correction has no reason. Write why the accepted protocol is corrected.",
        "Oprava má důvod: „{left}“.",
        "The correction has its reason: “{left}”.",
    ),
    ("PR-01", "author"): (
        "U opravy není uvedeno, kdo ji provedl. Přihlaste se a opravu uložte znovu.",
        "The correction does not say who made it. Log in and save it again.",
        "Opravu provedl uživatel {left}.",
        "The correction was made by {left}.",
    ),
    ("PR-02", "time"): (
        "Zápis byl předán {left}, doručovat lze do {right}. Požádejte ústředí o povolení pozdního převzetí.",
        "The protocol was handed over {left}, delivery ended {right}. Ask the centre to permit a late "
        "acceptance.",
        "Zápis byl předán {left}, před koncem doručování {right}.",
        "The protocol was handed over {left}, before delivery ends {right}.",
    ),
    ("PR-02", "permit"): (
        "",
        "",
        "Zápis byl předán {left}, po konci doručování {right}, s povolením ústředí.",
        "The protocol was handed over {left}, after delivery ended {right}, with the centre's permission.",
    ),
    ("PR-03", "no_receipt"): (
        "Ústředí tento zápis ještě nepotvrdilo. Protokol o bezchybném převzetí vytiskněte až po potvrzení.",
        "The centre has not confirmed this protocol yet. The confirmation can be printed after its receipt.",
        "",
        "",
    ),
    ("PR-03", "receipt"): (
        "Ústředí potvrdilo jiný obsah zápisu, než je zde. Komisi nepropouštějte a zavolejte na ústředí.",
        "The centre confirmed another content than is here. Keep the commission and call the centre.",
        "Ústředí potvrdilo právě tento obsah zápisu.",
        "The centre confirmed exactly this content.",
    ),
    ("PR-04", "mode"): (
        "Dokument je v režimu {left}, zde se pracuje v režimu {right}. Zkušební a ostrá data se nemíchají; "
        "vyžádejte si správný soubor.",
        "The document is in mode {left}, here the mode is {right}. Rehearsal and live data never mix; "
        "ask for the right file.",
        "Dokument je v režimu {right} jako tato stanice.",
        "The document is in mode {right} as this station.",
    ),
}

TEMPLATES = {**IDENTITY, **FORM, **COURSE}
