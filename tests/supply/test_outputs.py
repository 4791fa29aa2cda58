"""Files come to their places whole, and no link that somebody planted leads us elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pmpromo.outputs import write_whole


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    """A link where the unfinished file will lie loses its place; what it leads to is untouched."""
    precious = tmp_path / "precious"
    precious.write_bytes(b"mine")
    (tmp_path / "page.html.part").symlink_to(precious)
    write_whole(tmp_path / "page.html", b"page")
    assert precious.read_bytes() == b"mine"
    assert not (tmp_path / "page.html").is_symlink()
    assert (tmp_path / "page.html").read_bytes() == b"page"


def test_a_link_at_the_place_itself_is_replaced(tmp_path: Path) -> None:
    """The new file takes the place of a link; what the link led to is untouched."""
    precious = tmp_path / "precious"
    precious.write_bytes(b"mine")
    (tmp_path / "page.html").symlink_to(precious)
    write_whole(tmp_path / "page.html", b"page")
    assert (precious.read_bytes(), (tmp_path / "page.html").read_bytes()) == (b"mine", b"page")


def test_what_cannot_be_put_there_leaves_nothing(tmp_path: Path) -> None:
    """A folder in the place: the error of the system, and nothing beside it."""
    (tmp_path / "page.html").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(tmp_path / "page.html", b"page")
    assert os.listdir(tmp_path) == ["page.html"]  # noqa: PTH208 - names alone


@pytest.mark.parametrize("path", ["a\0b", "", "/", "nowhere/a"])
def test_what_is_no_place_is_an_error_of_the_system(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No text gives another kind of error, nor a file."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match=r"."):
        write_whole(path, b"")
    assert list(Path().iterdir()) == []
