"""The parts of a frozen program that no distribution of the lock names: Python itself, and the libraries that
the wheels carry inside. Each with its licence (SPDX), what brings it, and how its files are called.

A file of the frozen program that belongs to no locked distribution and to none of these is a finding of the
scan. The list is kept by hand: a new version of a wheel may carry another library.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch


@dataclass(frozen=True)
class Vendored:
    """`files` are patterns of the names of its files; empty where it is linked into its bringer's own."""

    name: str
    licence: str
    brought_by: str
    files: tuple[str, ...] = ()


VENDORED = (
    Vendored(
        "Python",
        "PSF-2.0",
        "the interpreter",
        ("libpython3*", "python3*.dll", "python3.*", "base_library.zip", "lib-dynload", "_*.pyd",
         "pyexpat.pyd", "select.pyd", "unicodedata.pyd", "winsound.pyd"),
    ),
    Vendored("PyInstaller bootloader", "GPL-2.0-or-later WITH Bootloader-exception", "PyInstaller"),
    Vendored("OpenSSL", "Apache-2.0", "Python, cryptography, psycopg-binary",
             ("libssl[.-]*", "libcrypto[.-]*")),
    Vendored("SQLite", "blessing (public domain)", "Python", ("libsqlite3.*", "sqlite3.dll")),
    Vendored("libffi", "MIT", "Python", ("libffi[.-]*",)),
    Vendored("XZ Utils (liblzma)", "0BSD", "Python", ("liblzma.*",)),
    Vendored("bzip2", "bzip2-1.0.6", "Python", ("libbz2.*",)),
    Vendored("zlib", "Zlib", "Python, lxml", ("libz.*",)),
    Vendored("libuuid", "BSD-3-Clause", "Python", ("libuuid.*",)),
    Vendored("Expat", "MIT", "Python", ("libexpat.*",)),
    Vendored("Qt 6", "LGPL-3.0-only", "PySide6_Essentials", ("libQt6*", "Qt6*.dll")),
    Vendored("ICU", "Unicode-3.0", "PySide6_Essentials", ("libicu*",)),
    Vendored("Microsoft Visual C++ runtime", "its redistribution terms", "PySide6_Essentials, Python",
             ("msvcp140*.dll", "vcruntime140*.dll", "concrt140.dll", "MSVCP140*.dll", "VCRUNTIME140*.dll")),
    Vendored("libpq (PostgreSQL)", "PostgreSQL", "psycopg-binary", ("libpq[.-]*",)),
    Vendored("MIT Kerberos", "MIT", "psycopg-binary",
             ("libkrb5*", "libk5crypto*", "libgssapi_krb5*", "libcom_err*")),
    Vendored("OpenLDAP", "OLDAP-2.8", "psycopg-binary", ("libldap*", "liblber*")),
    Vendored("Cyrus SASL", "BSD-3-Clause-Attribution", "psycopg-binary", ("libsasl2*",)),
    Vendored("keyutils", "LGPL-2.1-or-later", "psycopg-binary", ("libkeyutils*",)),
    Vendored("libxcrypt", "LGPL-2.1-or-later", "psycopg-binary", ("libcrypt-*",)),
    Vendored("libxml2, libxslt", "MIT", "lxml"),
    Vendored("GNU libiconv", "LGPL-2.1-or-later", "lxml"),
    Vendored("Argon2 (reference)", "CC0-1.0 OR Apache-2.0", "argon2-cffi-bindings"),
)  # fmt: skip


def of_file(name: str) -> Vendored | None:
    """The part that a file or folder of this name is of."""
    return next((one for one in VENDORED if any(fnmatch(name, each) for each in one.files)), None)
