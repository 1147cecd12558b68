"""From bytes on a stick to offers: read once and whole, recognised, judged, compared with what is there.

Nothing here writes. Whatever the bytes are, the answer is a list of offers or one `KnownError`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePath
from types import MappingProxyType

from app.documents import files
from app.documents.batch import Source
from app.documents.intake_formats import MAX_BYTES, recognise
from app.election.checks import judge, judge_again
from app.election.circumstances import Circumstances
from app.election.complete import Incomplete, complete
from app.election.content import content_hash
from app.election.model import Contest, CountsStated, Mode, Protocol, ProtocolKey, Reading
from app.election.reference import Reference
from app.election.surroundings import Surroundings
from app.election.verdict import Verdict
from app.station.flags import flagged
from app.station.offers import Answers, Offer, Original, Standing
from app.station.point.elsewhere import Elsewhere
from app.station.point.standing import beside as beside_another
from app.station.point.standing import same_content
from app.station.records import Stands, Version

#: The rules that look at the clerk's answers about one protocol; what came beside it is not among them.
_OF_ANSWERS = ("FM-05", "FM-06", "KC-05", "PR-02")

_NOTHING_BESIDE: Mapping[Contest, CountsStated] = MappingProxyType({})


def read_original(path: Path) -> Original:
    """The bytes of a regular file, read once. Raises `DocumentError` with what is wrong with the file."""
    return original_of(path.name, files.read_bytes_of(path, MAX_BYTES))


def original_of(name: str, data: bytes) -> Original:
    """Bytes that came in any way, with their hash; `name` is for people, without folders."""
    return Original(PurePath(name).name, data, sha256(data).hexdigest())


class Reader:
    """Judges what files say against the reference data and what the store holds."""

    def __init__(
        self,
        reference: Reference,
        transfer_point: int,
        clock: Callable[[], datetime],
        standing: Callable[[ProtocolKey], Stands],
        version: Callable[[ProtocolKey, int], Version | None],
        surroundings: Callable[[ProtocolKey], Surroundings],
        elsewhere: Callable[[ProtocolKey], Elsewhere | None] = lambda _: None,
        permitted: Callable[[ProtocolKey], bool] = lambda _: False,
    ) -> None:
        """`standing` tells where a protocol stands here, `version` one of its accepted revisions,
        `surroundings` what the neighbours say, `elsewhere` what another workstation has,
        `permitted` whether the centre lets it be taken late."""
        self._reference = reference
        self._transfer_point = transfer_point
        self._clock = clock
        self._standing = standing
        self._version = version
        self._surroundings = surroundings
        self._elsewhere = elsewhere
        self._permitted = permitted

    def offers(self, original: Original, answers: Answers, *, passed_cases: bool = True) -> tuple[Offer, ...]:
        """One offer for each protocol in the file, in the file's order."""
        file = recognise(original.data)
        return tuple(
            self.offer(
                original, position, file.election, file.mode, reading, answers, passed_cases=passed_cases
            )
            for position, reading in enumerate(file.readings)
        )

    def offer(
        self,
        original: Original,
        position: int,
        election: str,
        mode: Mode | None,
        reading: Reading,
        answers: Answers,
        correction_reason: str = "",
        author: str = "",
        *,
        passed_cases: bool = True,
        source: Source = Source.FILE,
        hands: tuple[str, ...] = (),
        provisional: bool = False,
        beside: Mapping[Contest, CountsStated] = _NOTHING_BESIDE,
    ) -> Offer:
        """Judge one protocol; with a reason, as an explicit correction of the accepted one.

        `beside`: counts of the precinct's other protocols in the same visit.
        """
        key, stated = reading.key, reading
        elsewhere = self._elsewhere(key)
        state, accepted = beside_another(self._standing(key), elsewhere)
        if correction_reason:
            reading = flagged(reading, corrected=True)
        revision = accepted + 1 if correction_reason else 1
        answers = answers if answers.handed_over else replace(answers, handed_over=self._clock())
        mode = None if source is Source.PAPER else mode  # no document said it
        verdict = self._judge(
            reading, mode, answers, accepted, revision, correction_reason, author, passed_cases, beside
        )
        if verdict.acceptable and verdict.passable:
            reading = flagged(reading, passable_error=True)
        try:
            protocol = complete(reading)
        except Incomplete:
            protocol = None
        other = self._other(key, accepted, elsewhere)
        return Offer(
            original=original,
            position=position,
            election=election,
            mode=mode,
            reading=reading,
            verdict=verdict,
            content_hash=None if protocol is None else content_hash(protocol),
            answers=answers,
            state=state,
            standing=self._compare(key, protocol, accepted, other),
            revision=revision,
            accepted_revision=accepted,
            correction_reason=correction_reason,
            correction_author=author,
            source=source,
            hands=hands,
            stated=stated,
            provisional=provisional,
            elsewhere=other,
            is_elsewhere=other is not None and same_content(protocol, other.content_hash),
        )

    def again(
        self,
        original: Original,
        position: int,
        answers: Answers,
        source: Source,
        hands: tuple[str, ...],
        correction_reason: str = "",
        author: str = "",
    ) -> Offer:
        """One protocol of kept bytes as it was offered before, judged as of now."""
        file = recognise(original.data)
        reading = file.readings[position]
        return self.offer(
            original, position, file.election, file.mode, reading, answers, correction_reason, author,
            source=source, hands=hands,
        )  # fmt: skip

    def retold(
        self,
        offer: Offer,
        answers: Answers,
        correction_reason: str | None = None,
        author: str = "",
        *,
        passed_cases: bool = True,
        beside: Mapping[Contest, CountsStated] = _NOTHING_BESIDE,
    ) -> Offer:
        """The same protocol with other answers, or as a correction, judged as of now."""
        reason = offer.correction_reason if correction_reason is None else correction_reason
        return self.offer(
            offer.original,
            offer.position,
            offer.election,
            offer.mode,
            offer.stated or offer.reading,
            answers,
            reason,
            offer.correction_author if correction_reason is None else author,
            passed_cases=passed_cases,
            source=offer.source,
            hands=offer.hands,
            provisional=offer.provisional,
            beside=beside,
        )

    def answered(self, offer: Offer, answers: Answers, *, passed_cases: bool = True) -> Offer:
        """The same protocol with other answers: judged again only by the rules that look at them."""
        reading = offer.stated or offer.reading
        if offer.correction_reason:
            reading = flagged(reading, corrected=True)
        circumstances = self._circumstances(
            reading, offer.mode, answers, offer.accepted_revision, offer.revision,
            offer.correction_reason, offer.correction_author, _NOTHING_BESIDE, None,
        )  # fmt: skip
        verdict = judge_again(offer.verdict, reading, circumstances, _OF_ANSWERS, passed_cases=passed_cases)
        if verdict.acceptable is not offer.verdict.acceptable or verdict.passable != offer.verdict.passable:
            return self.retold(offer, answers, passed_cases=passed_cases)  # it is flagged in another way
        return replace(offer, answers=answers, verdict=verdict)

    def verdict(self, reading: Reading, answers: Answers) -> Verdict:
        """The checks on what is typed so far; only failures carry cases."""
        accepted = beside_another(self._standing(reading.key), self._elsewhere(reading.key)).revision
        return self._judge(reading, None, answers, accepted, 1, "", "", False)

    def _judge(
        self,
        reading: Reading,
        mode: Mode | None,
        answers: Answers,
        accepted: int,
        revision: int,
        reason: str,
        author: str,
        passed_cases: bool,
        beside: Mapping[Contest, CountsStated] = _NOTHING_BESIDE,
    ) -> Verdict:
        surroundings = self._surroundings(reading.key)
        circumstances = self._circumstances(
            reading, mode, answers, accepted, revision, reason, author, beside, surroundings
        )
        return judge(reading, circumstances, passed_cases=passed_cases)

    def _circumstances(
        self,
        reading: Reading,
        mode: Mode | None,
        answers: Answers,
        accepted: int,
        revision: int,
        reason: str,
        author: str,
        beside: Mapping[Contest, CountsStated],
        surroundings: Surroundings | None,
    ) -> Circumstances:
        return Circumstances(
            reference=self._reference,
            document_mode=mode,
            transfer_point=self._transfer_point,
            revision=revision,
            accepted_revision=accepted,
            reason=reason,
            author=author,
            retyped=answers.retyped,
            signatures=answers.signatures,
            voting_ended=answers.voting_ended,
            extension_reason=answers.extension_reason,
            contests_in_visit=answers.contests_in_visit,
            handed_over=answers.handed_over,
            late_permit=self._permitted(reading.key),
            surroundings=surroundings,
            beside=beside,
        )

    def _other(self, key: ProtocolKey, accepted: int, other: Elsewhere | None) -> Elsewhere | None:
        """What another workstation has as the last revision, unless the same was taken in here as well."""
        if other is None or other.revision < accepted:
            return None
        version = self._version(key, accepted)
        return None if version is not None and version.content_hash == other.content_hash else other

    def _compare(
        self, key: ProtocolKey, protocol: Protocol | None, accepted: int, other: Elsewhere | None
    ) -> Standing:
        if key not in self._reference.expected:
            return Standing.UNEXPECTED
        if accepted == 0:
            return Standing.NEW
        if other is not None and same_content(protocol, other.content_hash):
            return Standing.SAME
        version = self._version(key, accepted)
        if protocol is None or version is None:
            return Standing.DIFFERENT
        # The flags that the transfer point itself raised are no difference of the commission's paper.
        same = replace(
            protocol,
            corrected=protocol.corrected or version.corrected,
            passable_error=protocol.passable_error or version.passable_error,
        )
        return Standing.SAME if content_hash(same) == version.content_hash else Standing.DIFFERENT
