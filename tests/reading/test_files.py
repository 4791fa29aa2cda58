"""Reading one file, and nothing but that file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from reading.samples import JSON, YAML, change, read

from pmpromo.errors import PacketError, RubricError
from pmpromo.packet import Packet
from pmpromo.reading.models import read_path

if TYPE_CHECKING:
    from pathlib import Path


def refuse(path: Path | str) -> str:
    """What the reader says about a path."""
    with pytest.raises(RubricError) as caught:
        read_path(Packet, path, error=RubricError)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "text"), [("p.yaml", YAML), ("p.yml", YAML), ("p.json", JSON), ("P.YAML", YAML)]
)
def test_file_is_read_by_its_ending(tmp_path: Path, name: str, text: str) -> None:
    """The ending of the name says how the file is written, in small or large letters."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_path(Packet, tmp_path / name, error=PacketError) == read(YAML)
    assert read_path(Packet, str(tmp_path / name), error=PacketError) == read(YAML)


def test_message_shows_the_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A problem in a file is shown with the line before, the line and carets under the place."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "packet.yaml").write_text(change("ownership", "ownershp"), encoding="utf-8")
    with pytest.raises(PacketError) as caught:
        read_path(Packet, "packet.yaml", error=PacketError)
    assert str(caught.value) == (
        "packet.yaml:8:5: evidence[0].ownershp: unknown key; did you mean 'ownership'?\n"
        "    7 |     title: Integrated acquired product\n"
        "    8 |     ownershp: led\n"
        "      |     ^^^^^^^^"
    )


def test_error_holds_no_other_error(tmp_path: Path) -> None:
    """No inner exception, which would hold the input, hangs on what is raised."""
    (tmp_path / "p.yaml").write_text("id: 5\n", encoding="utf-8")
    with pytest.raises(PacketError) as caught:
        read_path(Packet, tmp_path / "p.yaml", error=PacketError)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is named, and nothing beside it is looked at."""
    assert refuse(tmp_path / "none.yaml").endswith("none.yaml: no such file")


def test_folder(tmp_path: Path) -> None:
    """A folder is no file, whatever its name."""
    (tmp_path / "f.yaml").mkdir()
    assert refuse(tmp_path / "f.yaml").endswith("f.yaml: not a regular file")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipe_does_not_hang(tmp_path: Path) -> None:
    """A named pipe that nobody writes to is refused at once."""
    os.mkfifo(tmp_path / "pipe.yaml")
    assert refuse(tmp_path / "pipe.yaml").endswith("pipe.yaml: not a regular file")


def test_link_to_a_file_is_followed(tmp_path: Path) -> None:
    """A link that the caller names is the caller's own word."""
    (tmp_path / "real.txt").write_text(YAML, encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "real.txt")
    assert read_path(Packet, tmp_path / "link.yaml", error=PacketError) == read(YAML)


def test_link_in_a_circle(tmp_path: Path) -> None:
    """A link to itself cannot be opened, and is no reason for another exception."""
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    assert refuse(tmp_path / "loop.yaml").endswith("loop.yaml: cannot be opened")


def test_large_file_is_not_read(tmp_path: Path) -> None:
    """A file above 16 MiB is refused by its size, before it is read."""
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(16 * 1024 * 1024 + 1)
    assert refuse(tmp_path / "large.json").endswith("large.json: longer than 16777216 bytes")


@pytest.mark.parametrize("name", ["p.txt", "p", "p.yaml.exe", ".yaml"])
def test_other_endings_are_not_opened(name: str) -> None:
    """A name with another ending is refused without a look at the disk."""
    assert refuse(name) == (
        f"{name}: not a file that can be read here; its name must end in .yaml, .yml, .json"
    )


def test_text_is_no_path() -> None:
    """A text in place of a path is refused, safely shown, and never read as content."""
    said = refuse("id: \x1b[31m" + "x" * 500)
    assert said.isprintable()
    assert len(said) < 200


def test_nul_in_a_path() -> None:
    """A path that no system knows is refused like any other."""
    assert refuse("a\0.yaml") == "a\\x00.yaml: not a path"


def test_formats_may_be_fewer(tmp_path: Path) -> None:
    """A caller may allow fewer endings."""
    with pytest.raises(PacketError, match=r"must end in \.json"):
        read_path(Packet, tmp_path / "p.yaml", error=PacketError, formats=(".json",))
