"""Files that are written whole, or not at all."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file beside its place and put it there whole; after an error nothing is left of it.

    What lies beside already is removed and not followed: it may be a link that somebody put there
    so that we write where it leads.

    Raises:
        OSError: whatever keeps the file from being written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_whole(Path(folder, "a.txt"), b"all of it")
    ...     [(file.name, file.read_bytes()) for file in Path(folder).iterdir()]
    [('a.txt', b'all of it')]
    """
    part = Path(f"{os.fspath(path)}.part")
    try:
        part.unlink(missing_ok=True)
        with part.open("xb") as file:
            file.write(content)
        part.replace(path)
    except ValueError:
        raise OSError(errno.EINVAL, "Not a path") from None
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
