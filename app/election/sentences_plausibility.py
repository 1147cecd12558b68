"""Sentences on plausibility (PL, LG-08), joint visits and the end of voting; see `app.election.sentences`.

Each says what is unusual, with the numbers of both sides, and what to look at on the paper. None claims
that the commission is wrong.
"""

_Four = tuple[str, str, str, str]

_PAIR_CS = (
    "{left} a {other_left}, podle okolních okrsků by to bylo asi {right} a {other_right}. "
    "Přečtěte z podepsaného zápisu oba řádky i s názvem."
)
_PAIR_EN = (
    "{left} and {other_left}, by the neighbouring precincts it would be about {right} and {other_right}. "
    "Read both rows from the signed protocol, with their names."
)
_RUN_CS = "Projděte je na podepsaném zápisu řádek po řádku: stojí každé číslo u svého jména?"
_RUN_EN = "Go through them on the signed protocol row by row: is each number beside its own name?"
_FITS: _Four = (
    "",
    "",
    "Hlasy odpovídají okolí ({left:zápis|zápisy|zápisů}).",
    "The votes fit the surroundings ({left:protocol|protocols}).",
)

_LISTS_CS = "Listiny č. {list}{list_name} a č. {other}{other_name}"
_LISTS_EN = "Lists {list}{list_name} and {other}{other_name}"
_CANDIDATES_CS = "Kandidáti č. {candidate}{candidate_name} a č. {other}{other_name}"
_CANDIDATES_EN = "Candidates {candidate}{candidate_name} and {other}{other_name}"


def _run(what_cs: str, what_en: str) -> tuple[_Four, _Four]:
    """Rows that slipped down, and up."""
    down = (
        f"{what_cs} vypadají posunuté o řádek dolů: o řádek výš by odpovídaly okolním okrskům. {_RUN_CS}",
        f"{what_en} look slipped down by one row: one row higher they fit the neighbours. {_RUN_EN}",
    )
    up = (
        f"{what_cs} vypadají posunuté o řádek nahoru: o řádek níž by odpovídaly okolním okrskům. {_RUN_CS}",
        f"{what_en} look slipped up by one row: one row lower they fit the neighbours. {_RUN_EN}",
    )
    return (*down, "", ""), (*up, "", "")


_LISTS_DOWN, _LISTS_UP = _run(
    "Hlasy listin č. {list}{list_name} až č. {other}{other_name}",
    "The votes of lists {list}{list_name} to {other}{other_name}",
)
_SHEET_DOWN, _SHEET_UP = _run(
    "Přednostní hlasy listiny č. {list}{list_name} od kandidáta č. {candidate}{candidate_name}",
    "The preferential votes of list {list}{list_name} from candidate {candidate}{candidate_name} on",
)
_BALLOT_DOWN, _BALLOT_UP = _run(
    "Hlasy kandidátů č. {candidate}{candidate_name} až č. {other}{other_name}",
    "The votes of candidates {candidate}{candidate_name} to {other}{other_name}",
)

_PREFERENCES: _Four = (
    "Kandidát č. {candidate}{candidate_name} na listině č. {list}{list_name} už nekandiduje, má však "
    "{left:přednostní hlas|přednostní hlasy|přednostních hlasů}. Ověřte číslo kandidáta na podepsaném "
    "zápisu; "
    "hlasy se zapíší, ale nezapočítají.",
    "Candidate {candidate}{candidate_name} on list {list}{list_name} stands no longer, but has "
    "{left:preferential vote|preferential votes}. Verify the candidate's number on the signed protocol; "
    "the votes are recorded but do not count.",
    "Kandidát č. {candidate}{candidate_name} na listině č. {list}{list_name} už nekandiduje a hlasy nemá.",
    "Candidate {candidate}{candidate_name} on list {list}{list_name} stands no longer and has no votes.",
)

LOGIC: dict[tuple[str, str], _Four] = {
    ("LG-08", "preferences"): _PREFERENCES,
    ("LG-08", "candidate"): (
        "Kandidát č. {candidate}{candidate_name} už nekandiduje, má však {left:hlas|hlasy|hlasů}. "
        "Ověřte číslo kandidáta na podepsaném zápisu; hlasy se zapíší, ale nezapočítají.",
        "Candidate {candidate}{candidate_name} stands no longer, but has {left:vote|votes}. "
        "Verify the number on the signed protocol; the votes are recorded but do not count.",
        "Kandidát č. {candidate}{candidate_name} už nekandiduje a hlasy nemá.",
        "Candidate {candidate}{candidate_name} stands no longer and has no votes.",
    ),
}

VISIT: dict[tuple[str, str], _Four] = {
    ("ID-05", "beside"): (
        "Z okrsku {precinct}{municipality_name} chybí zápis {other_form} ze souběžných voleb. "
        "Zeptejte se komise: přináší oba zápisy najednou.",
        "The protocol {other_form} of precinct {precinct}{municipality_name} of the joint election is "
        "missing. "
        "Ask the commission: both come in one visit.",
        "Zápis {other_form} okrsku {precinct}{municipality_name} ze souběžných voleb je zde také.",
        "The protocol {other_form} of precinct {precinct}{municipality_name} is here as well.",
    ),
    ("FM-06", "ended"): (
        "Hlasování skončilo {left}, podle zákona má skončit {right}. Zkontrolujte čas na zápisu; skončilo-li "
        "opravdu dřív, napište proč.",
        "Voting ended {left}, by law it ends {right}. Check the time on the protocol; if it really ended "
        "earlier, write why.",
        "Hlasování skončilo {left}, v zákonnou dobu.",
        "Voting ended {left}, at the lawful time.",
    ),
    ("FM-06", "extended"): (
        "Hlasování skončilo {left}, později než v zákonný čas {right}, a důvod prodloužení chybí. "
        "Opište jej ze zápisu.",
        "Voting ended {left}, later than the lawful {right}, and the reason of the extension is missing. "
        "Copy it from the protocol.",
        "Hlasování bylo prodlouženo do {left}, důvod je uveden.",
        "Voting was extended until {left}; the reason is given.",
    ),
    ("FM-06", "handed_over"): (
        "Zápis byl předán {left}, hlasování však skončilo {right}. Zkontrolujte oba časy.",
        "The protocol was handed over {left}, but voting ended {right}. Check both times.",
        "Zápis byl předán {left}, po konci hlasování {right}.",
        "The protocol was handed over {left}, after the end of voting {right}.",
    ),
}

PLAUSIBILITY: dict[tuple[str, str], _Four] = {
    ("PL-01", "none"): (
        "Listina č. {list}{list_name} má {right:hlas|hlasy|hlasů}, ale ani jeden přednostní. Podívejte se na "
        "její list: jsou políčka kandidátů opravdu prázdná?",
        "List {list}{list_name} has {right:vote|votes}, but not one preferential vote. Look at its sheet: "
        "are "
        "the candidates' boxes really empty?",
        "",
        "",
    ),
    ("PL-01", "none_here"): (
        "Listina č. {list}{list_name} má {votes:hlas|hlasy|hlasů}, ale ani jeden přednostní; podle okolních "
        "okrsků by jich bylo asi {right}. Podívejte se na její list: jsou políčka opravdu prázdná?",
        "List {list}{list_name} has {votes:vote|votes}, but not one preferential vote; by the neighbouring "
        "precincts there would be about {right}. Look at its sheet: are the boxes really empty?",
        "",
        "",
    ),
    ("PL-01", "some"): (
        "",
        "",
        "Listina č. {list}{list_name} má {right:hlas|hlasy|hlasů} a přednostních {left}.",
        "List {list}{list_name} has {right:vote|votes} and {left} preferential.",
    ),
    ("PL-02", "overleaf"): (
        "Na zadní straně (od kandidáta č. {first}) není jediný přednostní hlas; podle okolních okrsků by "
        "jich "
        "bylo asi {right}. Zeptejte se, zda komise lístky při sčítání otáčela.",
        "Overleaf (from candidate {first} on) there is not one preferential vote; by the neighbouring "
        "precincts there would be about {right}. Ask whether the commission turned the ballots over.",
        "Přednostních hlasů na zadní straně (od kandidáta č. {first}) je {left}, podle okolí asi {right}.",
        "Preferential votes overleaf (from candidate {first} on): {left}, by the neighbours about {right}.",
    ),
    ("PL-03", "invalid"): (
        "Neplatných hlasů je {left} z {right:odevzdané obálky|odevzdaných obálek|odevzdaných obálek} "
        "({share:%}), neobvykle mnoho. Zkontrolujte ODEVZ_OBAL a PL_HL_CELK.",
        "{left:vote is|votes are} invalid of {right:envelope|envelopes} returned ({share:%}), unusually "
        "many. "
        "Check ODEVZ_OBAL and PL_HL_CELK.",
        "Neplatných hlasů je {left} z {right:odevzdané obálky|odevzdaných obálek|odevzdaných obálek} "
        "({share:%}).",
        "{left:vote is|votes are} invalid of {right:envelope|envelopes} returned ({share:%}).",
    ),
    ("PL-03", "strong"): (
        "Neplatných hlasů je {left} z {right:odevzdané obálky|odevzdaných obálek|odevzdaných obálek} "
        "({share:%}); tolik jich nemívá ani okrsek z tisíce. Zkontrolujte ODEVZ_OBAL a PL_HL_CELK číslici po "
        "číslici.",
        "{left:vote is|votes are} invalid of {right:envelope|envelopes} returned ({share:%}); not one "
        "precinct "
        "in a thousand has as many. Check ODEVZ_OBAL and PL_HL_CELK digit by digit.",
        "",
        "",
    ),
    ("PL-04", "missing"): (
        "Vydáno bylo {left:obálka|obálky|obálek}, odevzdáno {right}: {missing} se nevrátilo. "
        "Zkontrolujte VYD_OBALKY a ODEVZ_OBAL.",
        "{left:envelope was|envelopes were} issued, {right} returned: {missing} did not come back. "
        "Check VYD_OBALKY and ODEVZ_OBAL.",
        "Vydáno bylo {left:obálka|obálky|obálek}, odevzdáno {right}.",
        "{left:envelope was|envelopes were} issued, {right} returned.",
    ),
    ("PL-04", "strong"): (
        "Vydáno bylo {left:obálka|obálky|obálek}, odevzdáno jen {right}: {missing} se nevrátilo, to je zcela "
        "mimořádné. Zkontrolujte VYD_OBALKY a ODEVZ_OBAL číslici po číslici.",
        "{left:envelope was|envelopes were} issued, only {right} returned: {missing} did not come back, "
        "which "
        "is most unusual. Check VYD_OBALKY and ODEVZ_OBAL digit by digit.",
        "",
        "",
    ),
    ("PL-05", "low"): (
        "Volební účast je {share:%} ({left} vydaných obálek na {right} zapsaných voličů), neobvykle nízká. "
        "Zkontrolujte VYD_OBALKY a VOL_SEZNAM.",
        "The turnout is {share:%} ({left} envelopes issued, {right} voters registered), unusually low. "
        "Check VYD_OBALKY and VOL_SEZNAM.",
        "",
        "",
    ),
    ("PL-05", "high"): (
        "Volební účast je {share:%} ({left} vydaných obálek na {right} zapsaných voličů), neobvykle vysoká. "
        "Zkontrolujte VYD_OBALKY a VOL_SEZNAM.",
        "The turnout is {share:%} ({left} envelopes issued, {right} voters registered), unusually high. "
        "Check VYD_OBALKY and VOL_SEZNAM.",
        "",
        "",
    ),
    ("PL-05", "usual"): (
        "",
        "",
        "Volební účast je {share:%} ({left} vydaných obálek na {right} zapsaných voličů).",
        "The turnout is {share:%} ({left} envelopes issued, {right} voters registered).",
    ),
    ("PL-05", "change"): (
        "Volební účast je {share:%}, v minulých volbách zde byla {share_before:%}. Zkontrolujte VYD_OBALKY, "
        "VOL_SEZNAM a číslo okrsku.",
        "The turnout is {share:%}, in the previous election it was {share_before:%} here. Check VYD_OBALKY, "
        "VOL_SEZNAM and the precinct's number.",
        "Volební účast je {share:%}, v minulých volbách zde byla {share_before:%}.",
        "The turnout is {share:%}, in the previous election it was {share_before:%} here.",
    ),
    ("PL-06", "per_vote"): (
        "Listina č. {list}{list_name} má {left:přednostní hlas|přednostní hlasy|přednostních hlasů} při "
        "{right:hlasu|hlasech|hlasech}, tedy {ratio:.} na hlas. Zkontrolujte POC_HLASU a zeptejte se, jak "
        "komise přednostní hlasy počítala.",
        "List {list}{list_name} has {left:preferential vote|preferential votes} with {right:vote|votes}, "
        "{ratio:.} for each. Check POC_HLASU and ask how the commission counted preferences.",
        "Listina č. {list}{list_name} má {left:přednostní hlas|přednostní hlasy|přednostních hlasů} při "
        "{right:hlasu|hlasech|hlasech}.",
        "List {list}{list_name} has {left:preferential vote|preferential votes} with {right:vote|votes}.",
    ),
    ("PL-07", "lists"): (
        f"{_LISTS_CS} vypadají prohozeně: mají hlasů {_PAIR_CS}",
        f"{_LISTS_EN} look exchanged: their votes are {_PAIR_EN}",
        "",
        "",
    ),
    ("PL-07", "sheets"): (
        f"{_LISTS_CS} vypadají prohozeně: přednostní hlasy každé odpovídají kandidátům druhé. Hlasů mají "
        f"{_PAIR_CS}",
        f"{_LISTS_EN} look exchanged: the preferential votes of each are like the other's. Their votes are "
        f"{_PAIR_EN}",
        "",
        "",
    ),
    ("PL-07", "sheet"): (
        f"{_CANDIDATES_CS} na listině č. {{list}}{{list_name}} vypadají prohozeně: mají přednostních hlasů "
        f"{_PAIR_CS}",
        f"{_CANDIDATES_EN} on list {{list}}{{list_name}} look exchanged: their preferential votes are "
        f"{_PAIR_EN}",
        "",
        "",
    ),
    ("PL-07", "ballot"): (
        f"{_CANDIDATES_CS} vypadají prohozeně: mají hlasů {_PAIR_CS}",
        f"{_CANDIDATES_EN} look exchanged: their votes are {_PAIR_EN}",
        "",
        "",
    ),
    ("PL-07", "lists_down"): _LISTS_DOWN,
    ("PL-07", "lists_up"): _LISTS_UP,
    ("PL-07", "sheet_down"): _SHEET_DOWN,
    ("PL-07", "sheet_up"): _SHEET_UP,
    ("PL-07", "ballot_down"): _BALLOT_DOWN,
    ("PL-07", "ballot_up"): _BALLOT_UP,
    ("PL-07", "fits"): _FITS,
    ("PL-08", "beside"): (
        "{column}{meaning}: zde {left}, v zápisu {other_form} téhož okrsku {right} (rozdíl {difference}). "
        "Porovnejte oba podepsané zápisy.",
        "{column}{meaning}: {left} here, {right} in the protocol {other_form} of the same precinct "
        "(difference {difference}). Compare both signed protocols.",
        "{column}{meaning}: zde {left}, v zápisu {other_form} téhož okrsku {right}.",
        "{column}{meaning}: {left} here, {right} in the protocol {other_form} of the same precinct.",
    ),
    ("PL-09", "expected"): (
        "Zapsaných voličů je {left}, čekalo se asi {right} (rozdíl {difference}). Zkontrolujte VOL_SEZNAM a "
        "číslo okrsku na začátku podepsaného zápisu.",
        "{left:voter is|voters are} registered, about {right} were expected (difference {difference}). Check "
        "VOL_SEZNAM and the precinct's number at the head of the signed protocol.",
        "Zapsaných voličů je {left}, čekalo se asi {right}.",
        "{left:voter is|voters are} registered, about {right} were expected.",
    ),
    ("PL-10", "same"): (
        "Okrsek {left} má úplně stejné hlasy jako už převzatý okrsek {right} "
        "({votes:hlas|hlasy|hlasů} dohromady). Ověřte číslo obce a okrsku na podepsaném zápisu.",
        "Precinct {left} has exactly the votes of precinct {right}, which is accepted already "
        "({votes:vote|votes} together). Verify municipality and precinct on the signed protocol.",
        "",
        "",
    ),
    ("PL-10", "other"): (
        "",
        "",
        "Stejné hlasy jako okrsek {left} žádný z převzatých okrsků nemá.",
        "None of the accepted precincts has the same votes as precinct {left}.",
    ),
}

TEMPLATES = {**LOGIC, **VISIT, **PLAUSIBILITY}
