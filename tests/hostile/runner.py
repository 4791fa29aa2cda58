"""Reads hostile files, each in a process of its own: ``python tests/hostile/runner.py``.

One process loads the library; for each file a copy of it is forked, watched by an audit hook, held
to limits, and may die. What each copy found is written to standard output, one line of JSON a file.
A word behind the command reads only files whose name holds it; ``--large`` takes the large files,
``--sample`` one in eight of the others.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import sysconfig
import time
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, NoReturn

HERE: Final = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent)]
sys.dont_write_bytecode = True

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hostile.files import Hostile

SECONDS: Final = 2.0
"""Processor time that a file may take."""

MEGABYTES: Final = 200
"""Memory that a file may take above what the library takes once it is loaded."""

HARD_SECONDS: Final = 20
HARD_BYTES: Final = 1 << 30
"""Where the system ends a process that would not end by itself."""

HOMES: Final = tuple(
    os.path.realpath(path)
    for path in {
        str(HERE.parents[1] / "pmpromo"),
        str(HERE.parents[1] / "rubrics"),
        sys.prefix,
        sys.base_prefix,
        *sysconfig.get_paths().values(),
    }
)
"""Folders of the library, of what it needs and of Python: files in them may be read."""

WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
FORBIDDEN: Final = (
    "socket.",
    "subprocess.",
    "ctypes.",
    "urllib.",
    "http.",
    "ftplib.",
    "smtplib.",
    "shutil.",
    "tempfile.",
    "webbrowser.",
    "winreg.",
    "pty.",
    "mmap.",
    "pickle.",
)
"""How events are called that no reading may cause, besides those of the next table."""

FORBIDDEN_CALLS: Final = frozenset(
    f"os.{name}"
    for name in [
        "system",
        "exec",
        "posix_spawn",
        "spawn",
        "fork",
        "forkpty",
        "kill",
        "remove",
        "rename",
        "rmdir",
        "mkdir",
        "link",
        "symlink",
        "truncate",
        "chmod",
        "chown",
        "chdir",
        "putenv",
        "unsetenv",
        "startfile",
        "utime",
        "setxattr",
    ]
)


def watch(given: Path) -> list[str]:
    """Note from now on, for ever, every event that reading a file must not cause."""
    breaches: list[str] = []
    allowed = os.path.realpath(given)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if not may_open(path, mode, flags, allowed):
                breaches.append(f"opened {path!a} as {mode!a}")
        elif event.startswith(FORBIDDEN) or event in FORBIDDEN_CALLS:
            breaches.append(f"caused {event}")

    sys.addaudithook(hook)
    return breaches


def may_open(path: object, mode: object, flags: int, allowed: str) -> bool:
    """Whether a file may be opened: what is given, and what belongs to the library, to be read."""
    if isinstance(path, int):
        return True  # it is open already
    if flags & WRITING or (isinstance(mode, str) and set(mode) & set("wax+")):
        return False
    real = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]
    return real == allowed or any(os.path.commonpath((real, home)) == home for home in HOMES)


def measure(file: Hostile, path: Path) -> dict[str, Any]:
    """Read one file, and say what was wrong, and what it took."""
    from hostile.answers import judge  # noqa: PLC0415 - after the path is set

    text = file.data.decode("utf-8", errors="replace")
    breaches = watch(path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    try:
        wrong = judge(file.kind, path, text, file.expected)
    except BaseException as error:  # noqa: BLE001 - whatever else is raised is the finding
        wrong = [f"{type(error).__name__}: {error!a}"[:300]]
    seconds = time.process_time() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    wrong += breaches
    wrong += [f"took {seconds:.1f} s"] if seconds > SECONDS else []
    wrong += [f"took {grown:.0f} MB"] if grown > MEGABYTES else []
    return {"name": file.name, "wrong": wrong, "seconds": seconds, "megabytes": grown}


def limit() -> None:
    """Set limits at which the system ends this process."""
    resource.setrlimit(resource.RLIMIT_CPU, (HARD_SECONDS, HARD_SECONDS))
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if sys.platform == "linux" else 0
    if pages:
        most = pages * resource.getpagesize() + HARD_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def run_forked(work: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """Do something in a forked process, and return what it says; None if it died."""
    end, begin = os.pipe()
    with warnings.catch_warnings():
        # Threads of libraries stay behind in the parent; the child reads one file and leaves.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        os.close(end)
        _work_and_leave(work, begin)
    os.close(begin)
    with os.fdopen(end, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    told: dict[str, Any] | None = json.loads(said) if said else None
    return told


def _work_and_leave(work: Callable[[], dict[str, Any]], begin: int) -> NoReturn:
    """Work in the forked process, and leave it without the farewells of the first one."""
    try:
        limit()
        said = json.dumps(work()).encode()
        while said:
            said = said[os.write(begin, said) :]
    finally:
        os._exit(0)


def run(files: Iterable[Hostile]) -> Iterable[dict[str, Any]]:
    """Read files, and yield what each one came to."""
    from hostile.answers import warm_up  # noqa: PLC0415 - after the path is set

    with TemporaryDirectory() as name:
        folder = Path(name)
        warm_up(folder)
        gc.collect()
        gc.freeze()
        for number, file in enumerate(files):
            path = folder / f"f{number}.{file.name.rpartition('.')[2]}"
            path.write_bytes(file.data)
            told = run_forked(lambda file=file, path=path: measure(file, path))  # type: ignore[misc]
            path.unlink()
            yield told or {"name": file.name, "wrong": ["the process died"]}


def main() -> int:
    """Run the command; return how many files were not answered as they should be."""
    from hostile import corpus  # noqa: PLC0415 - after the path is set

    lists = {"--large": corpus.list_large, "--sample": corpus.choose_sample}
    chosen = next((lists[word] for word in sys.argv if word in lists), corpus.list_files)
    words = [word for word in sys.argv[1:] if word not in lists]
    wrong = 0
    for told in run([file for file in chosen() if all(word in file.name for word in words)]):
        wrong += bool(told["wrong"])
        sys.stdout.write(json.dumps(told) + "\n")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
