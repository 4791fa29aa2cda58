"""P1: every load returns a validated object, or raises one tree of errors that is safe to print."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

import pytest
from promises.choosing import choose
from promises.doors import DOORS, Door, write_sample

from pmpromo import parse_packet
from pmpromo.cli import main
from pmpromo.errors import SHOWN_CHARACTERS, SHOWN_PROBLEMS, PmpromoError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_LINE: Final = 400
"""Characters of a told problem: a place, a path and two sentences, with 80 of the input at most."""

TOKENS: Final = (
    b"",
    b"null",
    b"true",
    b"-1",
    b"1e400",
    b"NaN",
    b".inf",
    b"[]",
    b"{}",
    b'""',
    b"'",
    b'"',
    b"&a *a",
    b"<<: 1",
    b"!!python/object:os.system",
    b"\x00",
    b"\xff\xfe",
    b"\xe2\x80\xae",
    b"\xed\xa0\x80",
    b"9" * 400,
    b"[" * 2000,
    b"\r",
    b"\n",
    b"\t",
    b"=1+1",
    b"a,b;c\td",
    b"2026-02-30",
    b"\xd9\xa3",
)
"""What careless and hostile files hold where something else was wanted."""

SECRET: Final = b"zq7-secret-zq7" * 40
"""A long text that no message may carry in full."""

SHOWN_SECRETS: Final = 12
"""A path and a hint may each repeat 80 characters of it."""

TEXTS: Final = tuple(door for door in DOORS if door.ending != ".xlsx")
"""Doors whose files are not packed."""


def spoil(data: bytes, times: int, seed: int) -> Iterator[bytes]:
    """Yield copies of some bytes with a token set over them, a part cut out, or a part doubled."""
    chance = random.Random(seed)  # noqa: S311 - no secret is made
    for _ in range(times):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((0, 1, 1, 4, 9, 30)))
        middle = chance.choice((chance.choice(TOKENS), chance.choice(TOKENS), data[start:end] * 2))
        yield data[:start] + middle + data[end:]


def complain(door: Door, data: bytes, folder: Path) -> PmpromoError | None:
    """Return the error that a door raises; any other exception than ours passes through."""
    try:
        door.read(data, folder)
    except PmpromoError as error:
        return error
    return None


def check_error(error: PmpromoError) -> None:
    """Hold an error to its form: problems, one line each, at most twenty told, all printable."""
    assert error.problems
    told = str(error).splitlines()
    for problem in error.problems[:SHOWN_PROBLEMS]:
        line = str(problem)
        assert line.isprintable(), ascii(line)
        assert len(line) <= LONGEST_LINE, line
        assert problem.message
    excerpts = sum(
        excerpt.count("\n") + 1 for excerpt in error.excerpts[:SHOWN_PROBLEMS] if excerpt
    )
    assert len(told) <= SHOWN_PROBLEMS + 1 + excerpts
    assert all(line.isprintable() for line in told)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_spoilt_files_are_answered_by_one_tree(door: Door, tmp_path: Path) -> None:
    """Whatever is done to a file, its door gives an object or our own error, fit to be printed."""
    times = 3 if door.ending == ".xlsx" else 8
    refused = 0
    for data in spoil(write_sample(door), times, seed=17):
        error = complain(door, data, tmp_path)
        if error is not None:
            refused += 1
            check_error(error)
    assert refused


@pytest.mark.slow
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_many_spoilt_files_are_answered_by_one_tree(door: Door, tmp_path: Path) -> None:
    """The same of hundreds of files, under another seed."""
    times = 30 if door.ending == ".xlsx" else 400
    for data in spoil(write_sample(door), times, seed=18):
        error = complain(door, data, tmp_path)
        if error is not None:
            check_error(error)


NOTHING: Final = (
    b"",
    b" \n",
    b"\x00",
    b"\xff",
    b"null",
    b"0",
    b'"a"',
    b"[]",
    b"[" * 50_000,
    b"PK\3\4",
)
"""Files in which nothing can be."""


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
@pytest.mark.parametrize("data", choose(NOTHING, 3), ids=lambda data: ascii(data[:8]))
def test_files_of_nothing_are_refused(door: Door, data: bytes, tmp_path: Path) -> None:
    """Empty files, words, bytes that are no text and thousands of brackets are never an object.

    A file of packets may be empty. The last line of a record counts once it has its end.
    """
    if door.name == "record":
        data = data.rstrip() + b"\n"
    error = complain(door, data, tmp_path)
    assert (error is None) is (door.name == "packets as JSON Lines" and not data.strip())
    if error is not None:
        check_error(error)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_every_sample_is_taken(door: Door, tmp_path: Path) -> None:
    """What is spoilt above is read while it is whole: a refusal has its reason in that."""
    assert complain(door, write_sample(door), tmp_path) is None


def make_many_problems() -> bytes:
    """Return a packet of ninety items, each with four keys that nobody knows."""
    items = "".join(
        f"  - {{id: i{n}, title: t, a{n}: 1, b{n}: 1, c{n}: 1, d{n}: 1}}\n" for n in range(90)
    )
    return f"id: p-1\nevidence:\n{items}".encode()


def test_all_problems_come_at_once_and_twenty_are_told(tmp_path: Path) -> None:
    """Of 360 problems all are in the error, and its text tells twenty and counts the rest."""
    error = complain(DOORS[0], make_many_problems(), tmp_path)
    assert error is not None
    assert len(error.problems) == 360
    assert str(error).splitlines()[-1] == "340 more problems"
    check_error(error)


@pytest.mark.parametrize("door", TEXTS, ids=lambda door: door.name)
def test_no_message_carries_a_long_input(door: Door, tmp_path: Path) -> None:
    """A text of 560 characters, set over any part of a file, is never repeated in full."""
    data = write_sample(door)
    for start in range(0, len(data), len(data) // 8):
        error = complain(door, data[:start] + SECRET + data[start + 3 :], tmp_path)
        for problem in error.problems if error else ():
            assert str(problem).count("secret") <= SHOWN_SECRETS


def test_paths_are_short_and_printable() -> None:
    """A path of long keys has 80 signs at most, and shows by its code what steers a terminal."""
    inner = {f"{'k' * 60}": {"m" * 60: {"n" * 60: float("inf")}}, "a\x1b[2Jb": {"c": float("nan")}}
    with pytest.raises(PmpromoError) as caught:
        parse_packet({"id": "p-1", "evidence": [], "summary": inner})
    assert len(caught.value.problems) >= 4
    check_error(caught.value)
    assert all(len(problem.path) <= SHOWN_CHARACTERS for problem in caught.value.problems)


def test_a_command_tells_problems_and_not_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At the terminal a spoilt file ends with code 1, and its problems stand on stderr alone."""
    path = tmp_path / "packet.yaml"
    path.write_bytes(b"id: p\n\xff")
    assert main(["score", str(path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "not UTF-8" in said.err
    assert "Traceback" not in said.err
