"""What can become of an application when it is received: one table of outcomes, each with its code.

Whatever comes is kept with its outcome. An application is accepted for the officer's decision, or it is not
accepted and the reason is one of these sentences, which the applicant's letter repeats.
"""

from __future__ import annotations

from enum import Enum


class Outcome(Enum):
    """`code` is stable; `cs` and `en` tell the officer, and where it is refused the applicant too."""

    ACCEPTED = (
        "MED-01",
        "Žádost je přijata k rozhodnutí.",
        "The application is accepted for a decision.",
    )
    DUPLICATE = (
        "MED-02",
        "Žádost čeká na rozhodnutí o adresách, které jsou uvedeny vícekrát nebo je má i jiný žadatel.",
        "The application waits for a decision about addresses that stand twice or belong to another one too.",
    )
    TOO_LARGE = (
        "MED-03",
        "Podání je větší, než je dovoleno.",
        "What was sent is larger than allowed.",
    )
    NOT_SIGNED = (
        "MED-04",
        "Podání není podepsáno předepsaným způsobem: chybí podpis, je jich víc, nebo nepokrývá celé podání.",
        "It is not signed as prescribed: there is no signature, several, or one that does not cover it all.",
    )
    WEAK = (
        "MED-05",
        "Podpis používá algoritmus nebo podobu, která se neuznává (aspoň RSA 2048 nebo ECDSA, SHA-256).",
        "The signature's algorithm or form is not recognised (at least RSA 2048 or ECDSA, SHA-256).",
    )
    FORGED = (
        "MED-06",
        "Podpis neodpovídá obsahu: podání bylo po podepsání změněno nebo je podvržené.",
        "The signature does not belong to the content: it was changed after signing, or is forged.",
    )
    FOREIGN = (
        "MED-07",
        "Podpis není uznávaný: certifikát nevydala kvalifikovaná autorita ze seznamu.",
        "The signature is not a recognised one: no qualified authority of the list issued the certificate.",
    )
    NOT_QUALIFIED = (
        "MED-08",
        "Podpis není uznávaný: certifikát není kvalifikovaný nebo není určen k podepisování.",
        "The signature is not a recognised one: the certificate is not qualified or not meant for signing.",
    )
    EXPIRED = (
        "MED-09",
        "Certifikát podepisujícího v době přijetí neplatil.",
        "The signer's certificate was not valid at the time of receipt.",
    )
    REVOKED = (
        "MED-10",
        "Certifikát podepisujícího byl před přijetím podání zneplatněn.",
        "The signer's certificate was revoked before the receipt.",
    )
    SIGNED_WHEN = (
        "MED-11",
        "Čas podpisu leží v budoucnosti nebo mimo platnost certifikátu.",
        "The signing time lies in the future or outside the certificate's life.",
    )
    MALFORMED = (
        "MED-12",
        "Podepsaná žádost není vyplněna podle předepsaného formuláře.",
        "The signed application does not follow the prescribed form.",
    )
    OTHER_ELECTION = (
        "MED-13",
        "Žádost je k jiným volbám, nebo je zkušební v ostrém provozu či naopak.",
        "The application is for another election, or a rehearsal's in a live run, or the other way round.",
    )
    WRONG_PERSON = (
        "MED-14",
        "Žádost nepodepsala osoba ani organizace, která je v ní uvedena.",
        "The application was signed neither by the person nor by the organisation that it names.",
    )
    LATE = (
        "MED-15",
        "Žádost přišla po lhůtě pro podání.",
        "The application came after the deadline.",
    )
    TOO_MANY = (
        "MED-16",
        "Žádost uvádí více než pět adres pro volební noc nebo více než pět adres pro zkoušky.",
        "The application has more than five addresses for the night, or more than five for testing.",
    )
    NOT_AN_ADDRESS = (
        "MED-17",
        "Žádost uvádí něco jiného než jednotlivou adresu IPv4 nebo IPv6 (rozsah, jméno počítače, překlep).",
        "The application names something else than single IPv4 or IPv6 addresses (a range, a host, a slip).",
    )
    NOT_PUBLIC = (
        "MED-18",
        "Žádost uvádí adresu, která není veřejná (soukromou, místní, skupinovou nebo vyhrazenou).",
        "The application names an address that is not public (private, local, multicast or reserved).",
    )
    EMPTY = (
        "MED-19",
        "Žádost nežádá o nic: neuvádí adresu ani natáčení.",
        "The application asks for nothing: it names no address and no filming.",
    )

    def __init__(self, code: str, cs: str, en: str) -> None:
        self.code = code
        self.cs = cs
        self.en = en

    @property
    def accepted(self) -> bool:
        """Whether the officer may decide about it."""
        return self in (Outcome.ACCEPTED, Outcome.DUPLICATE)


BY_CODE = {outcome.code: outcome for outcome in Outcome}
