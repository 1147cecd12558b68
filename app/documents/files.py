"""Reading a file from a medium that may be pulled out, lie, or be a folder.

Everything that the world can do to a file becomes a known trouble with a sentence; a file larger
than it may be is refused by its size, before it is read.
"""

from __future__ import annotations

import errno
import stat
from pathlib import Path

from app.documents.document_errors import DocumentError, refusal
from app.documents.xml_gates import check_size

_MISSING = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL})
_DENIED = frozenset({errno.EACCES, errno.EPERM})
# Windows tells a drive without its medium as "permission denied"; these numbers of its own are the truth:
# not ready, not functioning, device gone, medium changed, device error, device not connected.
_WINDOWS_MEDIUM = frozenset({21, 31, 55, 1110, 1117, 1167})


def read_bytes_of(path: Path, max_bytes: int) -> bytes:
    """The whole content of the file at `path`, at most `max_bytes` bytes.

    Raises `DocumentError`: DOC-01 it is not there, DOC-02 a folder or device, DOC-03 no permission,
    DOC-04 the medium failed or was removed, DOC-05 too large.
    """
    try:
        kind = path.stat()
        if not stat.S_ISREG(kind.st_mode):  # asked before opening: a pipe would block, a folder would lie
            raise refusal("DOC-02", name=path.name or str(path))
        check_size(kind.st_size, max_bytes)
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)  # one more: the file may have grown meanwhile
    except OSError as error:
        raise _of_system(error, path) from error
    except ValueError as error:  # a name that no file system can hold
        raise refusal("DOC-01", name=path.name, detail=str(error)) from error
    check_size(len(data), max_bytes)
    if len(data) < kind.st_size:
        raise refusal("DOC-04", name=path.name, detail=f"{len(data)} of {kind.st_size} bytes")
    return data


def _of_system(error: OSError, path: Path) -> DocumentError:
    name = path.name or str(path)
    if getattr(error, "winerror", None) in _WINDOWS_MEDIUM:
        return refusal("DOC-04", name=name, detail=str(error))
    if error.errno in _MISSING:
        return refusal("DOC-01", name=name, detail=str(error))
    if error.errno == errno.EISDIR:
        return refusal("DOC-02", name=name, detail=str(error))
    if error.errno in _DENIED:
        return refusal("DOC-03", name=name, detail=str(error))
    return refusal("DOC-04", name=name, detail=str(error))  # removed, faulty, or failing in a way of its own
