"""Files as they lie on the disk: regular ones, opened without waiting, and nothing beside them."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, BinaryIO, Final

from pmpromo.errors import Problem

if TYPE_CHECKING:
    from pmpromo.errors import PmpromoError

__all__ = ["open_regular", "read_name"]

_NONBLOCKING: Final = (
    getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)


def read_name(path: object, error: type[PmpromoError]) -> str:
    """The name of a file as a text; raise `error` for what is no path."""
    if isinstance(path, (str, bytes, os.PathLike)):
        return os.fsdecode(path)
    hint = "give a text or a Path; parse_packet and parse_rubric take mappings"
    raise error([Problem("", f"a path is wanted, not an object of {type(path)}", hint)])


def open_regular(path: str, longest: int | None = None) -> BinaryIO | Problem:
    """A regular file of at most `longest` bytes, opened to be read; or why there is none.

    >>> print(open_regular("no-such-file.yaml"))
    no such file
    """
    try:
        number = os.open(path, os.O_RDONLY | _NONBLOCKING)
    except ValueError:
        return Problem("", "not a path", code="unreadable")
    except OSError as error:
        return Problem("", _say_reason(error), code="unreadable")
    # The kind and the size are asked of the file that is open: its name may soon mean another.
    problem = _judge(os.fstat(number), longest)
    if problem is None:
        return os.fdopen(number, "rb")
    os.close(number)
    return problem


def _judge(status: os.stat_result, longest: int | None) -> Problem | None:
    if not stat.S_ISREG(status.st_mode):
        return Problem("", "not a regular file", code="unreadable")
    if longest is not None and status.st_size > longest:
        return Problem("", f"longer than {longest} bytes", code="too_large")
    return None


def _say_reason(error: OSError) -> str:
    return "no such file" if isinstance(error, FileNotFoundError) else "cannot be opened"
