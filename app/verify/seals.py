"""Detached signatures of published files, against the pinned election authority.

A published file may be read long after its certificate ended: a signature counts when the certificate was
alive at the time that the signer states. Without an authority nothing can be said about signatures, and
the report says so.
"""

from __future__ import annotations

from app.trust import cms, message
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role
from app.trust.refusals import RefusalReason, SignatureRefused
from app.verify.differences import Difference
from app.verify.report import Report
from app.verify.source import SIGNATURE


class Seals:
    """Checks signatures of one election's centre."""

    def __init__(self, anchors: Anchors | None, election: str, report: Report) -> None:
        self._anchors = anchors
        self._expected = Expected(Role.CENTRE, election)
        self._report = report
        report.signed = anchors is not None
        if anchors is None:
            report.note(
                "Podpisy se neověřily: nebyl zadán certifikát volební autority (--ca).",
                "Signatures were not checked: no election authority's certificate was given (--ca).",
            )

    def check(self, name: str, body: bytes, signature: bytes) -> None:
        """Raises Difference VER-10 with the reason why the signature of file `name` does not count."""
        if self._anchors is None:
            return
        try:
            signed_at = message.decode(signature).attributes.signing_time
            cms.verify_detached(body, signature, self._anchors, signed_at, self._expected, _LARGEST)
        except SignatureRefused as error:
            of_content = error.reason is RefusalReason.DIGEST
            file = name if of_content else name + SIGNATURE
            raise Difference("VER-10", file, error.cs, error.en, place=f"[{error.code}]") from error
        self._report.count("signatures")


#: Bytes of a signed file; the source has refused larger ones.
_LARGEST = 400 * 1024 * 1024
