"""Keys, certificates, signatures and the chain of batches: who said exactly these bytes.

Everything that crosses a border is signed as one CMS SignedData file (RFC 5652) of a single fixed
shape, by a key whose certificate the election's own authority issued. The rooms:

- `identity`     who a signer is, and how that is written into a certificate
- `keys`         private keys: made, kept and loaded
- `authority`    the election's certificate authority: it turns a signing request into a certificate
- `certificate`  a signer's certificate, read strictly
- `anchors`      whom the reader trusts: pinned authorities and revoked serials
- `message`      the one ASN.1 shape that a signed file may have
- `cms`          sign and verify over exact bytes
- `refusals`     every reason to refuse a signature, with its stable code
- `chain`        numbered batches, each naming the one before

This is the only package that imports a cryptographic library. It reads no clock: every instant is
a parameter and has a time zone. Nothing is imported here, so that `import app.trust` costs nothing.
"""
