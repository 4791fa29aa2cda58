"""Fuzz a format, guided by the coverage of pmpromo: ``python tests/fuzz/run.py FORMAT``.

Needs atheris, ``pip install atheris``, which runs on Linux. An input that finds something is kept
beside the seeds, and the run ends with an exit code that is not 0; ``--again FILE`` runs one input.
``all`` runs every format, one after another, and tells how many inputs ran and how fast.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE: Final = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent)]

LONGEST: Final = {"form": 6_000, "scoring": 600, "results": 60_000, "record": 20_000}
"""How many bytes an input has at most; others have `LONGEST_INPUT`."""

LONGEST_INPUT: Final = 2_000
SECONDS: Final = 20
"""How long one input may take before it counts as a hang."""

MEGABYTES: Final = 2_000
"""How much memory a run may take; what libFuzzer keeps of its corpus is in it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit code."""
    parser = argparse.ArgumentParser(description="Fuzz a format.")
    parser.add_argument("format", help="a format, or all")
    parser.add_argument("--runs", type=int, default=200_000, help="how many inputs")
    parser.add_argument("--seconds", type=int, default=0, help="stop after so long; 0: never")
    parser.add_argument("--seed", type=int, default=1, help="where the chances start")
    parser.add_argument("--corpus", type=Path, help="a folder that keeps what was learnt")
    parser.add_argument("--again", type=Path, help="run one input, and nothing else")
    options = parser.parse_args(arguments)
    return run_all(options) if options.format == "all" else run(options)


def run(options: argparse.Namespace) -> int:
    """Fuzz one format in this process; libFuzzer ends it."""
    atheris: Any = import_module("atheris")  # an extra, needed by this command alone

    with atheris.instrument_imports(include=["pmpromo"]):
        import_all()
        harnesses = import_module("fuzz.harnesses").HARNESSES
    packets: Any = import_module("fuzz.packets")
    packets.make_choices = atheris.FuzzedDataProvider
    if options.format not in harnesses:
        sys.exit(f"no such format; there are: {', '.join(harnesses)}, all")
    if options.again:
        harnesses[options.format](options.again.read_bytes())
        return 0
    folder = options.corpus or Path(tempfile.mkdtemp(prefix=f"fuzz-{options.format}-"))
    words, seeds = write_words(folder / "words", options.format), fill(folder, options.format)
    flags = [*list_flags(options, folder), f"-dict={words}", str(seeds)]
    atheris.Setup([sys.argv[0], *flags], harnesses[options.format])
    atheris.Fuzz()
    return 0


def import_all() -> None:
    """Import every module, so that what is loaded late is instrumented too."""
    package = import_module("pmpromo")
    for module in walk_packages(package.__path__, "pmpromo."):
        if not module.name.endswith("__main__"):
            with suppress(ImportError):
                import_module(module.name)


def list_flags(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    """List what libFuzzer is told."""
    yield f"-runs={options.runs}"
    yield f"-max_total_time={options.seconds}"
    yield f"-seed={options.seed}"
    yield f"-max_len={LONGEST.get(options.format, LONGEST_INPUT)}"
    yield f"-timeout={SECONDS}"
    yield f"-rss_limit_mb={MEGABYTES}"
    yield f"-artifact_prefix={folder}/found-"
    yield from ("-print_final_stats=1", "-verbosity=1")


def fill(folder: Path, format_: str) -> Path:
    """Write the seeds of a format into a folder of their own, and return it."""
    folder = folder / "corpus"
    folder.mkdir(parents=True, exist_ok=True)
    for seed in import_module("fuzz.seeds").list_seeds(format_):
        (folder / hashlib.sha256(seed).hexdigest()[:20]).write_bytes(seed)
    return folder


def write_words(path: Path, format_: str) -> Path:
    """Write the words of a format as libFuzzer reads them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    words = import_module("fuzz.seeds").list_words(format_)
    path.write_text("".join(f'"{word}"\n' for word in words))
    return path


_FIGURE: Final = re.compile(r"stat::(\w+):\s+(\d+)|(?:cov: (\d+)).*?(?:corp: (\d+))")


def run_all(options: argparse.Namespace) -> int:
    """Fuzz every format in a process of its own, and tell the figures of each."""
    failed = 0
    for format_ in import_module("fuzz.harnesses").HARNESSES:
        command = [sys.executable, __file__, format_, *list_options(options, format_)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        failed += bool(done.returncode)
        print(tell(format_, done.stderr, done.returncode), flush=True)  # noqa: T201
        if done.returncode:
            print(done.stderr[-4000:], flush=True)  # noqa: T201
    return failed


def list_options(options: argparse.Namespace, format_: str) -> list[str]:
    """List the options of a run again, for one format."""
    told = [f"--{name}={getattr(options, name)}" for name in ("runs", "seconds", "seed")]
    return told + ([f"--corpus={options.corpus / format_}"] if options.corpus else [])


def tell(format_: str, said: str, code: int) -> str:
    """Return one line: what ran, how fast, and whether something was found."""
    found: dict[str, Any] = {}
    for name, value, covered, corpus in _FIGURE.findall(said):
        found |= {name: value} if name else {"covered": covered, "corpus": corpus}
    runs = found.get("number_of_executed_units", 0)
    rate = found.get("average_exec_per_sec", 0)
    state = "something was found" if code else "nothing found"
    edges, kept = found.get("covered", 0), found.get("corpus", 0)
    return f"{format_}: {runs} inputs, {rate} a second, {edges} edges, {kept} kept; {state}"


if __name__ == "__main__":
    sys.exit(main())
