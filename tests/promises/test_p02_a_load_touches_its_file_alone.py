"""P2: no load reads, writes, connects to or starts anything outside the file it was given."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from promises.children import run
from promises.doors import DOORS, PACKETS, RESULTS, RUBRICS, TABLES, Door, write_sample
from promises.watching import Watch

from pmpromo.errors import PmpromoError

if TYPE_CHECKING:
    from collections.abc import Iterator

TAKEN: Final = (".txt", ".case")
"""Endings of texts that the caller reads."""

SCRIPT: Final = """
import sys
from promises.test_p02_a_load_touches_its_file_alone import tell
tell(sys.argv[1])
"""


def list_variants(data: bytes) -> list[bytes]:
    """Return a file whole, cut, and with words in it that would do something elsewhere."""
    middle = len(data) // 2
    hostile = (
        b"!!python/object/apply:os.system [id] __import__('os').system('id') file:///etc/passwd"
    )
    return [data, data[:middle], data[:middle] + hostile + data[middle:], b"%" + data]


def watch_door(door: Door, watch: Watch, path: Path) -> list[tuple[str, str]]:
    """Return what else happens than that the file given is read."""
    strange: list[tuple[str, str]] = []
    for data in list_variants(write_sample(door)):
        path.write_bytes(data)
        with watch.watch() as events, suppress(PmpromoError):
            door.open(path)
        strange += [event for event in events if event != ("read", str(path))]
    return strange


def tell(folder: str) -> None:
    """Write what every door does besides reading its file, as JSON; each was opened once before."""
    watch = Watch()
    told = {}
    for number, door in enumerate(DOORS):
        path = Path(folder, f"input-{number}{door.ending}")
        watch_door(door, watch, path)
        told[door.name] = watch_door(door, watch, path)
    sys.stdout.write(json.dumps(told))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[str]]]:
    """What a process of its own tells of every door."""
    seen: dict[str, list[list[str]]] = json.loads(run(SCRIPT, str(tmp_path_factory.mktemp("in"))))
    return seen


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_a_door_opens_its_file_and_nothing_else(
    door: Door, told: dict[str, list[list[str]]]
) -> None:
    """Whole, cut or hostile: the file is read; no other is, nothing is written, sent or started."""
    assert told[door.name] == []


def test_the_watch_sees_what_is_forbidden(tmp_path: Path) -> None:
    """A file read beside, one written, a folder listed, a process started: each is an event."""
    code = f"""
import os, socket, subprocess, sys
from promises.watching import Watch
watch = Watch()
with watch.watch() as events:
    open({str(tmp_path / "a")!r}, "w").close()
    open({str(tmp_path / "a")!r}).close()
    os.listdir({str(tmp_path)!r})
    subprocess.run([sys.executable, "-c", ""])
    socket.socket().close()
print([name for name, _ in events])
"""
    seen = run(code)
    for name in ("write", "read", "os.listdir", "subprocess.Popen", "socket.__new__"):
        assert f"'{name}'" in seen


NAMED: Final = tuple(
    door for door in (*PACKETS, *RUBRICS, *TABLES, *RESULTS[-1:]) if door.ending not in TAKEN
)
"""Doors that are given the name of a file, and open it themselves."""


@pytest.mark.parametrize("door", NAMED, ids=lambda door: door.name)
def test_a_device_and_a_pipe_are_no_files(door: Door, tmp_path: Path) -> None:
    """What is no regular file is refused before a byte of it is read; nobody waits for a pipe."""
    os.mkfifo(tmp_path / "pipe")
    for target in ("/dev/zero", str(tmp_path / "pipe")):
        place = tmp_path / f"input{door.ending}"
        place.symlink_to(target)
        with stop_after(10), pytest.raises(PmpromoError):
            door.open(place)
        place.unlink()


@contextmanager
def stop_after(seconds: int) -> Iterator[None]:
    """Interrupt what waits longer than so many seconds."""

    def stop(_signal: int, _frame: object) -> None:
        pytest.fail("waits for what is no file")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
