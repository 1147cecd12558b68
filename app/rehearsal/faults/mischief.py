"""What a hostile or broken line does to the bytes of one request or one answer of HTTP."""

from __future__ import annotations

import random
import re
from datetime import datetime

from app.rehearsal.faults.scene import Forger
from app.trust import cms, message
from app.trust.refusals import SignatureRefused

_NUMBER = re.compile(rb"(?<=[>\"])[0-9]+(?=[<\"])")
_LENGTH = re.compile(rb"(?i)content-length: *[0-9]+")


def split(raw: bytes) -> tuple[bytes, bytes]:
    """Head (with its empty line) and body of a message."""
    head, mark, body = raw.partition(b"\r\n\r\n")
    return head + mark, body


def with_body(raw: bytes, body: bytes) -> bytes:
    """The same head over another body."""
    head, _ = split(raw)
    return _LENGTH.sub(b"content-length: %d" % len(body), head) + body


def truncated(raw: bytes, chance: random.Random) -> bytes:
    return raw[: chance.randrange(len(raw))]


def corrupted(raw: bytes, chance: random.Random) -> bytes:
    """One to four bytes changed; mostly in the body, where all that matters is."""
    head, body = split(raw)
    changed = bytearray(raw)
    begin = len(head) if body and chance.random() < 0.85 else 0
    for _ in range(chance.randint(1, 4)):
        changed[chance.randrange(begin, len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def forged(raw: bytes, signer: Forger, of_centre: bool, at: datetime, chance: random.Random) -> bytes | None:
    """Another number in the signed content, under the old signature or under one of the forger's; None when
    there is no signed content in it."""
    _, body = split(raw)
    try:
        content = message.decode(body).content
    except SignatureRefused:
        return None
    numbers = [] if content is None else list(_NUMBER.finditer(content))
    if content is None or not numbers:
        return None
    place = chance.choice(numbers)
    other = (
        str((int(place[0]) + chance.randint(1, 9)) % 10 ** len(place[0])).rjust(len(place[0]), "0").encode()
    )
    changed = content[: place.start()] + other + content[place.end() :]
    if chance.random() < 0.5:
        return with_body(raw, body.replace(content, changed))
    key, certificate = signer.centre if of_centre else signer.station
    return with_body(raw, cms.sign(changed, key, certificate, at))


def answer(status: bytes, body: bytes, *headers: bytes) -> bytes:
    """A whole answer of HTTP."""
    lines = [b"HTTP/1.1 " + status, b"content-length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def garbage(chance: random.Random) -> bytes:
    """Something that no centre says: a captive portal's page, noise, or nothing that ends."""
    sort = chance.randrange(4)
    if sort == 0:
        return answer(b"200 OK", b"<html>Please log in</html>", b"content-type: text/html")
    if sort == 1:
        noise = chance.randbytes(200)
        return answer(b"200 OK", noise, b"content-type: application/pkcs7-mime")
    if sort == 2:
        return answer(b"302 Found", b"", b"location: http://127.0.0.1:1/")
    return chance.randbytes(80)
