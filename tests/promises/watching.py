"""What Python's audit events tell of one piece of work: files, connections, processes, folders."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

HARMLESS: Final = ("object.", "array.", "sys._get", "builtins.id", "code.", "gc.", "import")
"""Events that touch nothing outside the process; modules are looked for by events of their own."""

COMPILED: Final = ("compile", "exec")
"""Libraries make code of their own; what code of an input would do is an event by itself."""


class Watch:
    """Notes every event between `watch` and its end."""

    def __init__(self) -> None:
        self.events: list[tuple[str, str]] = []
        self._is_on = False
        sys.addaudithook(self._hear)

    @contextmanager
    def watch(self) -> Iterator[list[tuple[str, str]]]:
        """Note what happens; the list is complete at the end."""
        self.events = []
        self._is_on = True
        try:
            yield self.events
        finally:
            self._is_on = False

    def _hear(self, event: str, told: tuple[Any, ...]) -> None:
        if not self._is_on or event.startswith(HARMLESS) or event in COMPILED:
            return
        if event == "open":
            self._hear_open(*told)
        else:
            self.events.append((event, repr(told)[:200]))

    def _hear_open(self, path: Any, _: object, flags: int) -> None:  # noqa: ANN401 - as it is told
        if isinstance(path, int):
            return  # a file that is open already
        writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        self.events.append(("write" if writes else "read", os.fsdecode(path)))
