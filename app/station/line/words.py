"""The sentences of an examination of the line by their codes LIN-NN: the one home of both.

For each: the step, its state, what was found and what to do (empty: nothing), both in Czech and English.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from app.station.line.steps import State, Step


class Words(NamedTuple):
    """One code: `{…}` are values of the finding."""

    step: Step
    state: State
    cs: str
    en: str
    do_cs: str = ""
    do_en: str = ""


TABLE: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "LIN-01": Words(
            Step.ADDRESS,
            State.GOOD,
            "Ústředí je na adrese {url}, {proxy}.",
            "The centre is at {url}, {proxy_en}.",
        ),
        "LIN-02": Words(
            Step.ADDRESS,
            State.FAULT,
            "Adresa ústředí nebo proxy v souboru station.toml je chybná ({detail}).",
            "The centre's address or the proxy in station.toml is wrong ({detail}).",
            "Opravte v něm centre_url nebo proxy.",
            "Mend centre_url or proxy there.",
        ),
        "LIN-10": Words(
            Step.NAME,
            State.GOOD,
            "Jméno {host} má adresu {addresses}.",
            "The name {host} has the address {addresses}.",
        ),
        "LIN-11": Words(
            Step.NAME,
            State.FAULT,
            "Jméno {host} se nedaří přeložit na adresu ({detail}).",
            "The name {host} cannot be resolved ({detail}).",
            "Zkontrolujte síťový kabel nebo Wi-Fi, adresu serveru DNS a překlepy ve jménu.",
            "Check the cable or Wi-Fi, the DNS server's address, and the name for a misprint.",
        ),
        "LIN-20": Words(
            Step.ROUTE,
            State.GOOD,
            "Spojení s {host}:{port} ({address}) se naváže za {ms} ms.",
            "{host}:{port} ({address}) is connected to within {ms} ms.",
        ),
        "LIN-21": Words(
            Step.ROUTE,
            State.FAULT,
            "Počítač {host} spojení na portu {port} odmítá.",
            "{host} refuses connections on port {port}.",
            "Ústředí nebo proxy neběží, nebo je v adrese jiný port. Ověřte ho u ústředí.",
            "The centre or the proxy does not run, or the port is another. Ask the centre.",
        ),
        "LIN-22": Words(
            Step.ROUTE,
            State.FAULT,
            "Počítač {host} na portu {port} neodpovídá.",
            "{host} does not answer on port {port}.",
            "Spojení nejspíš zahazuje firewall. Zavolejte technika sítě; převzaté zápisy čekají a "
            "odešlou se samy.",
            "A firewall most likely drops it. Call the network's technician; what was accepted waits "
            "and goes by itself.",
        ),
        "LIN-23": Words(
            Step.ROUTE,
            State.FAULT,
            "K počítači {host} nevede cesta ({detail}).",
            "There is no route to {host} ({detail}).",
            "Zkontrolujte kabel, Wi-Fi nebo VPN. Zavolejte technika sítě; převzaté zápisy čekají a "
            "odešlou se samy.",
            "Check the cable, Wi-Fi or VPN. Call the network's technician; what was accepted waits and "
            "goes by itself.",
        ),
        "LIN-30": Words(
            Step.TLS,
            State.GOOD,
            "Server ukázal certifikát „{subject}“ vydaný „{issuer}“, platný do {until}; věří se {trusted}.",
            "The server showed the certificate “{subject}” of “{issuer}”, valid until {until}; trusted: "
            "{trusted_en}.",
        ),
        "LIN-31": Words(
            Step.TLS,
            State.FAULT,
            "Certifikát serveru „{subject}“ vydal „{issuer}“, kterému se zde nevěří.",
            "The server's certificate “{subject}” is of “{issuer}”, who is not trusted here.",
            "Odpovídá jiný server, nebo síť šifru rozbaluje. Nic neobcházejte. Zavolejte ústředí a "
            "přečtěte kód.",
            "Another server answers, or the network opens the encryption. Work around nothing. Call the "
            "centre and read the code.",
        ),
        "LIN-32": Words(
            Step.TLS,
            State.FAULT,
            "Certifikát serveru je pro {hosts}, ne pro {host}.",
            "The server's certificate is for {hosts}, not for {host}.",
            "Zkontrolujte adresu ústředí v souboru station.toml. Zavolejte ústředí a přečtěte kód.",
            "Check the centre's address in station.toml. Call the centre and read the code.",
        ),
        "LIN-33": Words(
            Step.TLS,
            State.FAULT,
            "Certifikát serveru „{subject}“ platí od {since} do {until}, podle hodin tohoto počítače "
            "tedy ne teď.",
            "The server's certificate “{subject}” is valid from {since} until {until}, which by this "
            "computer's clock is not now.",
            "Zkontrolujte datum a čas počítače; jsou-li správné: Zavolejte ústředí a přečtěte kód.",
            "Check the computer's date and time; if they are right: Call the centre and read the code.",
        ),
        "LIN-34": Words(
            Step.TLS,
            State.FAULT,
            "Na adrese nikdo nemluví protokolem TLS, nebo jen zastaralým ({detail}).",
            "Nobody speaks TLS at the address, or only an outdated one ({detail}).",
            "Zkontrolujte, zda má adresa začínat https. Zavolejte ústředí a přečtěte kód.",
            "Check whether the address should begin with https. Call the centre and read the code.",
        ),
        "LIN-35": Words(
            Step.TLS,
            State.FAULT,
            "Proxy spojení k ústředí nepovolila ({detail}).",
            "The proxy did not allow the connection ({detail}).",
            "Zkontrolujte jméno a heslo proxy ve station.toml. Zavolejte technika sítě; převzaté zápisy "
            "čekají a odešlou se samy.",
            "Check the proxy's name and password in station.toml. Call the network's technician; what "
            "was accepted waits and goes by itself.",
        ),
        "LIN-36": Words(
            Step.TLS,
            State.WARNING,
            "Spojení není šifrováno (adresa začíná http). Obsah dávek chrání jejich podpis.",
            "The connection is not encrypted (the address begins with http). Batches are protected by "
            "their signature.",
            "V ostrém provozu použijte adresu https.",
            "Use an https address in live operation.",
        ),
        "LIN-37": Words(
            Step.TLS,
            State.FAULT,
            "Certifikát volební autority (ca.pem) nelze použít ({detail}).",
            "The election authority's certificate (ca.pem) cannot be used ({detail}).",
            "Vyžádejte si ho znovu od ústředí.",
            "Ask the centre for it again.",
        ),
        "LIN-40": Words(
            Step.CENTRE,
            State.GOOD,
            "Ústředí odpovídá: {election}, {mode}, {software}.",
            "The centre answers: {election}, {mode}, {software}.",
        ),
        "LIN-41": Words(
            Step.CENTRE,
            State.FAULT,
            "Server spojení přijal, ale neodpověděl ({detail}).",
            "The server took the connection and did not answer ({detail}).",
            "Ústředí je přetížené, nebo chce certifikát stanice (show_certificate). Zavolejte ústředí a "
            "přečtěte kód.",
            "The centre is overloaded, or wants the station's certificate (show_certificate). Call the "
            "centre and read the code.",
        ),
        "LIN-42": Words(
            Step.CENTRE,
            State.FAULT,
            "Na adrese odpovídá něco jiného než ústředí (HTTP {status}).",
            "Something else than the centre answers at the address (HTTP {status}).",
            "Nejčastěji přihlašovací stránka sítě nebo proxy. Zkontrolujte adresu. Zavolejte technika "
            "sítě; převzaté zápisy čekají a odešlou se samy.",
            "Most often a network's or a proxy's login page. Check the address. Call the network's "
            "technician; what was accepted waits and goes by itself.",
        ),
        "LIN-43": Words(
            Step.CENTRE,
            State.FAULT,
            "Ústředí je pro volby {election} ({mode}), stanice pro {ours} ({our_mode}).",
            "The centre is of {election} ({mode}), the station of {ours} ({our_mode}).",
            "Stanice má adresu jiného ústředí. Zavolejte ústředí a přečtěte kód.",
            "The station has another centre's address. Call the centre and read the code.",
        ),
        "LIN-44": Words(
            Step.CENTRE,
            State.FAULT,
            "Ústředí odpovědělo chybou ({detail}).",
            "The centre answered with an error ({detail}).",
            "Zavolejte ústředí a přečtěte kód.",
            "Call the centre and read the code.",
        ),
        "LIN-50": Words(
            Step.CLOCK,
            State.GOOD,
            "Hodiny se od ústředí liší o {seconds} s.",
            "The clock differs from the centre's by {seconds} s.",
        ),
        "LIN-51": Words(
            Step.CLOCK,
            State.WARNING,
            "Hodiny se od ústředí liší o {seconds} s.",
            "The clock differs from the centre's by {seconds} s.",
            "Nastavte datum, čas a časové pásmo počítače.",
            "Set the computer's date, time and time zone.",
        ),
        "LIN-52": Words(
            Step.CLOCK,
            State.FAULT,
            "Hodiny se od ústředí liší o {seconds} s; dotazy stanice proto ústředí odmítá.",
            "The clock differs from the centre's by {seconds} s, so the centre refuses the station's "
            "inquiries.",
            "Nastavte datum, čas a časové pásmo počítače.",
            "Set the computer's date, time and time zone.",
        ),
        "LIN-53": Words(
            Step.CLOCK,
            State.WARNING,
            "Ústředí neřeklo, kolik má hodin.",
            "The centre did not tell its time.",
            "Porovnejte hodiny počítače s telefonem.",
            "Compare the computer's clock with a telephone.",
        ),
        "LIN-60": Words(
            Step.CERTIFICATE,
            State.GOOD,
            "Certifikát stanice {station} platí do {until}.",
            "The certificate of station {station} is valid until {until}.",
        ),
        "LIN-61": Words(
            Step.CERTIFICATE,
            State.WARNING,
            "Certifikát stanice {station} platí už jen do {until}.",
            "The certificate of station {station} is valid only until {until}.",
            "Vyžádejte si od ústředí nový.",
            "Ask the centre for a new one.",
        ),
        "LIN-62": Words(
            Step.CERTIFICATE,
            State.FAULT,
            "Certifikát stanice neplatí: {detail}",
            "The station's certificate is not valid: {detail_en}",
            "Zkontrolujte datum počítače. Zavolejte ústředí a přečtěte kód.",
            "Check the computer's date. Call the centre and read the code.",
        ),
        "LIN-70": Words(
            Step.REGISTER,
            State.GOOD,
            "Ústředí stanici zná a odpovědělo podepsaně.",
            "The centre knows the station and answered signed.",
        ),
        "LIN-71": Words(
            Step.REGISTER,
            State.FAULT,
            "Ústředí stanici nezná, nebo ji odvolalo (ING-05).",
            "The centre does not know the station, or revoked it (ING-05).",
            "Zavolejte ústředí a přečtěte kód.",
            "Call the centre and read the code.",
        ),
        "LIN-72": Words(
            Step.REGISTER,
            State.FAULT,
            "Ústředí certifikát stanice neuznává (ING-04).",
            "The centre does not accept the station's certificate (ING-04).",
            "Zavolejte ústředí a přečtěte kód.",
            "Call the centre and read the code.",
        ),
        "LIN-73": Words(
            Step.REGISTER,
            State.FAULT,
            "Ústředí na podepsaný dotaz neodpovědělo ({detail}).",
            "The centre did not answer a signed inquiry ({detail}).",
            "Zavolejte ústředí a přečtěte kód.",
            "Call the centre and read the code.",
        ),
        "LIN-74": Words(
            Step.REGISTER,
            State.FAULT,
            "Odpověď ústředí nelze uznat: {detail}",
            "The centre's answer is not accepted: {detail_en}",
            "Odpovídá jiné ústředí, nebo někdo do odpovědi zasáhl. Zavolejte ústředí a přečtěte kód.",
            "Another centre answers, or somebody meddled with the answer. Call the centre and read the code.",
        ),
        "LIN-75": Words(
            Step.REGISTER,
            State.WARNING,
            "Ústředí je právě vytížené ({detail}).",
            "The centre is busy just now ({detail}).",
            "Chvíli počkejte a vyzkoušejte spojení znovu.",
            "Wait a while and try the line again.",
        ),
        "LIN-80": Words(
            Step.QUEUE,
            State.GOOD,
            "Vše převzaté je potvrzeno; poslední potvrzení {receipt}.",
            "All that was accepted is confirmed; last receipt {receipt_en}.",
        ),
        "LIN-81": Words(
            Step.QUEUE,
            State.WARNING,
            "Na potvrzení čeká {queue}; poslední potvrzení {receipt}, další pokus {attempt}.",
            "{queue} wait for confirmation; last receipt {receipt_en}, next try {attempt_en}.",
            "Nic se neztratilo. Až bude spojení v pořádku, odešle se vše samo.",
            "Nothing is lost. Once the line is well, everything goes by itself.",
        ),
        "LIN-82": Words(
            Step.QUEUE,
            State.FAULT,
            "Ústředí naposledy odpovědělo: {detail}",
            "The centre's last answer was: {detail_en}",
            "Řiďte se hlášením; kód je v příručce.",
            "Follow the message; its code is in the handbook.",
        ),
        "LIN-90": Words(
            Step.PROGRAM,
            State.GOOD,
            "Program {version} ({build}) je schválen; seznam č. {serial}, beze změn od {frozen}.",
            "The program {version} ({build}) is approved; list no. {serial}, no changes from {frozen}.",
        ),
        "LIN-91": Words(
            Step.PROGRAM,
            State.GOOD,
            "Program {version} ({build}); seznam schválených programů stanice nemá.",
            "The program {version} ({build}); the station has no list of approved programs.",
        ),
        "LIN-92": Words(
            Step.PROGRAM,
            State.WARNING,
            "Seznam schválených programů č. {serial} prošel {until}.",
            "The list of approved programs no. {serial} expired on {until}.",
            "Pracujte dál a řekněte o tom ústředí; nový seznam přijde sám.",
            "Go on working and tell the centre; a new list comes by itself.",
        ),
        "LIN-93": Words(
            Step.PROGRAM,
            State.WARNING,
            "Program {version} ({build}) není mezi schválenými; pracovat s ním lze.",
            "The program {version} ({build}) is not among the approved ones; it may be worked with.",
            "Řekněte o tom technikovi.",
            "Tell the technician.",
        ),
        "LIN-94": Words(
            Step.PROGRAM,
            State.FAULT,
            "Program {version} ({build}) není pro tyto volby schválen.",
            "The program {version} ({build}) is not approved for this election.",
            "Technik nainstaluje schválenou verzi; převzaté zápisy zůstanou a odešlou se.",
            "The technician installs an approved version; accepted protocols stay and are sent.",
        ),
    }
)
