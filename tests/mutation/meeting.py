"""A mutant meets its tests: in a child of a program that has everything imported already."""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from mutation.places import Key, Living, name_code, swap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import CodeType, FrameType

    import pytest

__all__ = ["Ended", "Listener", "Met", "fail_first", "meet", "run_apart", "run_soundly"]

PATIENCE: Final = 3000
"""Processor seconds for all the tests of a group."""
TIMES: Final = 4
SLACK: Final = 1.5
"""A test may take four times the processor seconds that it takes without a fault, and some more."""
WALL: Final = 600
"""Seconds that a mutant may take at all, if it waits for ever."""
MEMORY: Final = 6 << 30
"""Bytes of address space that a mutant may take: some of them grow lists for ever."""


class Ended(NamedTuple):
    """How a mutant ended, the test that ended it, and the seconds until then."""

    end: Literal["killed", "survived", "timeout"]
    by: str
    seconds: float


class Met(NamedTuple):
    """What a sound run of the tests shows."""

    seconds: dict[str, float]
    """Of processor time that each test takes, by its name."""
    callers: dict[Key, list[str]]
    """The tests that call each function."""
    failing: list[str]
    """Tests that fail here without any fault, and meet no mutant."""
    early: set[Key]
    """Functions that ran before the first test did: at import, or while tests were gathered."""


class Listener:
    """Plugin that gathers tests, and hands them over instead of running them."""

    def __init__(
        self,
        run: Callable[[Listener, list[pytest.Item]], None],
        files: set[str],
        begin: Callable[[], None] = lambda: None,
    ) -> None:
        self.run, self.files, self.begin = run, files, begin
        self.failed = ""
        self.called: set[CodeType] = set()

    def pytest_sessionstart(self) -> None:
        """Begin, before anything is imported but after pytest put its own importer in place."""
        self.begin()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notice a failure."""
        if report.failed:
            self.failed = report.nodeid

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Hand the tests over."""
        if session.testsfailed:
            raise session.Interrupted(f"{session.testsfailed} errors while gathering")
        self.run(self, session.items)
        return True

    def watch(self, frame: FrameType, event: str, arg: object) -> None:  # noqa: ARG002
        """Note a function of the files as called; see `sys.settrace`."""
        if frame.f_code.co_filename in self.files:
            self.called.add(frame.f_code)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note which functions are called, for a while."""
        threading.settrace(self.watch)
        sys.settrace(self.watch)
        try:
            yield
        finally:
            sys.settrace(None)
            threading.settrace(None)


def run_soundly(listener: Listener, items: Sequence[pytest.Item]) -> Met:
    """Run all tests without a fault, in a child, to see how long each takes and what it calls.

    A test that fails here meets no mutant. In a child, because an example of a docstring runs only
    once in a program.
    """
    early = {name_code(code) for code in listener.called}

    def child() -> str:
        seconds: dict[str, float] = {}
        callers: dict[Key, list[str]] = {}
        failing: list[str] = []
        for item in items:
            listener.called.clear()
            listener.failed = ""
            start = time.process_time()
            with listener.watching():
                _run_one(item)
            if listener.failed:  # such as a test of what is imported, where all is imported already
                failing.append(item.nodeid)
                continue
            seconds[item.nodeid] = time.process_time() - start
            for code in listener.called:
                callers.setdefault(name_code(code), []).append(item.nodeid)
        return json.dumps([seconds, list(callers.items()), failing])

    ended = run_apart(child, PATIENCE)
    if not ended.by.startswith("["):
        raise SystemExit(ended.by)
    seconds, callers, failing = json.loads(ended.by)
    return Met(seconds, {Key(*key): tests for key, tests in callers}, failing, early)


def meet(
    listener: Listener,
    items: Sequence[pytest.Item],
    changed: tuple[dict[Key, CodeType], Living],
    met: Met,
) -> Ended:
    """Let tests meet a changed program, in a child; the first that fails ends it."""

    def child() -> str:
        swap(*changed)
        return fail_first(listener, items, met.seconds)

    return run_apart(child, PATIENCE)


def fail_first(listener: Listener, items: Sequence[pytest.Item], seconds: dict[str, float]) -> str:
    """Run tests up to the first that fails, and return its name; far too long ends the program."""
    listener.failed = ""
    for item in items:
        signal.setitimer(signal.ITIMER_PROF, SLACK + TIMES * seconds[item.nodeid])
        _run_one(item)
        signal.setitimer(signal.ITIMER_PROF, 0)
        if listener.failed:
            return listener.failed
    return ""


def _run_one(item: pytest.Item) -> None:
    """Run one test with all that it needs, and take that down again."""
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)


def run_apart(run: Callable[[], str], limit: float) -> Ended:
    """Run in a child, for at most so many processor seconds, and hear what failed there."""
    start = time.perf_counter()
    heard, told = os.pipe()
    child = os.fork()
    if not child:
        os.close(heard)
        _end_quietly(run, told, int(limit))
    os.close(told)
    with os.fdopen(heard, "rb") as pipe:
        text = pipe.read().decode(errors="replace")
    _, status = os.waitpid(child, 0)
    return Ended(_read_status(status), text, round(time.perf_counter() - start, 2))


def _read_status(status: int) -> Literal["killed", "survived", "timeout"]:
    if os.WIFSIGNALED(status):
        spent = os.WTERMSIG(status) in {signal.SIGPROF, signal.SIGXCPU, signal.SIGALRM}
        return "timeout" if spent else "killed"
    return "survived" if os.WEXITSTATUS(status) == 0 else "killed"


def _end_quietly(run: Callable[[], str], told: int, limit: int) -> None:
    """Run within limits of time and memory, tell by which test it failed, and end."""
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 2))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for each in (signal.SIGXCPU, signal.SIGALRM, signal.SIGPROF):
        signal.signal(each, signal.SIG_DFL)
    signal.alarm(WALL)
    try:
        failed = run()
    except BaseException as error:  # noqa: BLE001  # whatever a fault raises, it is seen
        failed = f"{type(error).__name__}: {error}"[:200]
    with os.fdopen(told, "w", encoding="utf-8") as pipe:
        pipe.write(failed)
    os._exit(bool(failed))
