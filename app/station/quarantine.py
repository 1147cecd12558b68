"""What a station tells its people when the centre set a batch aside into quarantine (receipt KARANTENA).

It is no trouble of a protocol and nobody at the desk can mend it: the station's store came from an old
copy, or two computers work as one station. Nothing is lost meanwhile; the centre's operator looks at both
branches and says which goes on, and then the batches go again by themselves.
"""

from __future__ import annotations

from app.station.connection import Sentence

#: The centre decided against this copy of the station.
GIVEN_UP = "ING-16"
#: Codes of receipts that put a batch into quarantine: other bytes, a fork, the station waits, given up.
CODES = frozenset({"ING-10", "ING-11", "ING-15", GIVEN_UP})


def sentence(code: str) -> Sentence:
    """What happened and what to do, by the code of the receipt."""
    if code == GIVEN_UP:
        return Sentence(
            code,
            f"Ústředí rozhodlo, že pokračuje jiná kopie této stanice ({code}). Na tomto počítači už "
            "nepřebírejte a řekněte to vedoucímu: obnoví stanici (prebirka station restore) a zápisy, které "
            "pak v přehledu chybějí, převezmete znovu z papíru.",
            f"The centre decided that another copy of this station goes on ({code}). Take nothing more in on "
            "this computer and tell the supervisor: the station is restored (prebirka station restore), and "
            "the protocols that its overview then lacks are taken in again from paper.",
        )
    return Sentence(
        code,
        f"Stanice je v karanténě ({code}): ústředí od ní má na stejném místě jiná data, nejspíš proto, že "
        "byla obnovena ze staré kopie nebo běží na dvou počítačích. Druhý počítač vypněte a zavolejte "
        "vedoucího; ten zavolá ústředí, které rozhodne, jak dál. Nic se neztratilo, zápisy se pak odešlou "
        "samy.",
        f"The station is in quarantine ({code}): the centre has other data from it in the same place, "
        "probably because it was restored from an old copy or runs on two computers. Turn the other one off "
        "and call the supervisor, who calls the centre, which decides how to go on. Nothing is lost; the "
        "protocols then go by themselves.",
    )
