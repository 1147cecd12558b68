"""A forger's workshop: CMS messages of any shape, by another library than the one that reads ours.

`Forgery` holds what a correct message is made of; a test changes one thing and builds it. Signatures
are true ones over whatever the message then says, unless the test wants otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.trust.certificate import Certificate
from app.trust.keys import PrivateKey
from app.trust.message import lower_half

HASHES: dict[str, hashes.HashAlgorithm] = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256()}


@dataclass
class Forgery:
    content: bytes | None
    key: PrivateKey
    certificate: bytes
    signing_time: datetime
    signed_content: bytes | None = None
    """What the digest is over; the content itself unless given."""
    content_type: str = "data"
    attributes: Sequence[str] = ("content_type", "signing_time", "message_digest", "signing_certificate_v2")
    signed_content_type: str = "data"
    bound_certificate: bytes | None = None
    """The certificate whose hash is signed; the enclosed one unless given."""
    digest_algorithm: str = "sha256"
    signature_algorithm: str = "sha256_ecdsa"
    null_parameters: bool = False
    """NULL for parameters of the digest algorithms, as many programs write it, instead of nothing."""
    certificates: Sequence[bytes] | None = None
    signers: int = 1
    by_key_identifier: bool = False
    unsigned: bool = False
    extra_attribute: bool = False
    tamper: dict[str, bytes] = field(default_factory=dict)
    """Attribute's name → value put there after signing."""

    @classmethod
    def correct(cls, content: bytes, key: PrivateKey, certificate: Certificate, at: datetime) -> Forgery:
        return cls(content, key, certificate.der, at)

    def build(self) -> bytes:
        content_info: dict[str, Any] = {"content_type": self.content_type}
        if self.content is not None:
            content_info["content"] = self.content
        enclosed = [self.certificate] if self.certificates is None else self.certificates
        signed_data: dict[str, Any] = {
            "version": "v1",
            "digest_algorithms": [self._digest_algorithm()],
            "encap_content_info": content_info,
            "signer_infos": [self._signer() for _ in range(self.signers)],
        }
        if enclosed:
            signed_data["certificates"] = [x509.Certificate.load(der) for der in enclosed]
        message = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed_data)})
        return bytes(message.dump())

    def _digest_algorithm(self) -> algos.DigestAlgorithm:
        if self.null_parameters:
            return algos.DigestAlgorithm({"algorithm": self.digest_algorithm})
        name = algos.DigestAlgorithmId(self.digest_algorithm).dump()
        return algos.DigestAlgorithm.load(b"\x30" + bytes((len(name),)) + name)

    def _signer(self) -> cms.SignerInfo:
        own = x509.Certificate.load(self.certificate)
        sid: dict[str, Any] = {
            "name": "issuer_and_serial_number",
            "value": {"issuer": own.issuer, "serial_number": own.serial_number},
        }
        if self.by_key_identifier:
            sid = {"name": "subject_key_identifier", "value": own.key_identifier}
        signed: bytes = self.content or self.signed_content or b""
        info: dict[str, Any] = {
            "version": "v3" if self.by_key_identifier else "v1",
            "sid": cms.SignerIdentifier(**sid),
            "digest_algorithm": self._digest_algorithm(),
            "signature_algorithm": {"algorithm": self.signature_algorithm},
        }
        if self.attributes:
            attributes = self._attributes()
            signed = attributes.dump()
            if self.tamper:
                attributes = self._attributes(**self.tamper)
            info["signed_attrs"] = attributes
        algorithm = ec.ECDSA(HASHES[self.signature_algorithm.split("_")[0]])
        info["signature"] = lower_half(self.key.sign(signed, algorithm))
        if self.unsigned:
            info["unsigned_attrs"] = [{"type": "message_digest", "values": [b"anything"]}]
        return cms.SignerInfo(info)

    def _attributes(self, **replaced: Any) -> cms.CMSAttributes:
        signed_content = self.content if self.signed_content is None else self.signed_content
        bound = hashlib.sha256(self.bound_certificate or self.certificate).digest()
        values: dict[str, Any] = {
            "content_type": self.signed_content_type,
            "signing_time": cms.Time(name="utc_time", value=self.signing_time),
            "message_digest": hashlib.new(self.digest_algorithm, signed_content or b"").digest(),
            "signing_certificate_v2": tsp.SigningCertificateV2({"certs": [{"cert_hash": bound}]}),
        } | replaced
        chosen = [cms.CMSAttribute({"type": name, "values": [values[name]]}) for name in self.attributes]
        if self.extra_attribute:
            chosen.append(cms.CMSAttribute({"type": "1.2.3.4", "values": [core.OctetString(b"extra")]}))
        return cms.CMSAttributes(chosen)
