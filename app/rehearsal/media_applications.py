"""Applications of invented media for a rehearsal: filled in, signed, and wrapped in each of the ways.

What comes out is what a newsroom's programs make: a PDF with a PAdES signature, S/MIME messages in both
forms, and data-box attachments, with the signature inside or beside.
"""

from __future__ import annotations

from base64 import encodebytes
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from app.documents import signed_pdf_writer
from app.documents.media_application import FILE_NAME
from app.trust.rehearsal_authority import Credential
from app.trust.rehearsal_signatures import sign

#: The files that one application makes, each a whole delivery (the `.p7s` lies beside its file).
PDF, MAIL, WRAPPED_MAIL, INSIDE, BESIDE = (
    "zadost.pdf", "zadost.eml", "zadost-pkcs7.eml", "zadost.xml.p7m", "zadost.xml.p7s",
)  # fmt: skip
_BOUNDARY: Final = "podepsana-zprava"
_INNER: Final = "zadost-s-prilohou"


def files(
    application: bytes, signer: Credential, at: datetime, page: bytes | None = None
) -> Mapping[str, bytes]:
    """Every form of one application, by file name, signed at `at`; `page` is the PDF's page for people."""
    part = mail_part(application)
    return {
        FILE_NAME: application,
        PDF: pdf(application, signer, at, page),
        MAIL: mail(part, sign(part, signer, at, attached=False)),
        WRAPPED_MAIL: wrapped_mail(sign(part, signer, at, attached=True)),
        INSIDE: sign(application, signer, at, attached=True),
        BESIDE: sign(application, signer, at, attached=False),
    }


def pdf(application: bytes, signer: Credential, at: datetime, page: bytes | None = None) -> bytes:
    """A signed PDF with the application inside."""
    made = signed_pdf_writer.prepared(application, FILE_NAME, at, page)
    return signed_pdf_writer.filled(made, sign(made.covered, signer, None, attached=False))


def mail_part(application: bytes) -> bytes:
    """The part of a message that is signed: a sentence and the application."""
    message = EmailMessage(policy=SMTP)
    message.set_content("Žádost o přístup k výsledkům voleb je v příloze.\n", cte="base64")
    message.add_attachment(application, "application", "xml", filename=FILE_NAME)
    message.set_boundary(_INNER)  # the same bytes each time
    del message["MIME-Version"]
    return message.as_bytes()


def mail(part: bytes, signature: bytes) -> bytes:
    """A message with the signature beside the signed part (multipart/signed)."""
    head = (
        f'MIME-Version: 1.0\r\nContent-Type: multipart/signed; protocol="application/pkcs7-signature";'
        f' micalg="sha-256"; boundary="{_BOUNDARY}"\r\nSubject: Zadost\r\n\r\n'
    )
    beside = (
        f"\r\n--{_BOUNDARY}\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    begin, end = f"--{_BOUNDARY}\r\n", f"--{_BOUNDARY}--\r\n"
    return (head + begin).encode() + part + beside.encode() + _base64(signature) + end.encode()


def wrapped_mail(signature: bytes) -> bytes:
    """A message whose signed part lies within the signature (application/pkcs7-mime)."""
    head = (
        "MIME-Version: 1.0\r\n"
        "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
        "Content-Transfer-Encoding: base64\r\nSubject: Zadost\r\n\r\n"
    )
    return head.encode() + _base64(signature)


def _base64(data: bytes) -> bytes:
    return encodebytes(data).replace(b"\n", b"\r\n")
