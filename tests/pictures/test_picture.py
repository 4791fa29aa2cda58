"""Pictures are saved whole or not at all, and shown on pages that need nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import pytest

from pmpromo.errors import DataError
from pmpromo.pictures.bullets import Bullet, draw_bullets

if TYPE_CHECKING:
    from pathlib import Path

PICTURE: Final = draw_bullets("Criteria", [Bullet("Reach", 0.4, 0.8, 0.75, "◐ facts missing")])


def test_saved_files_hold_the_picture(tmp_path: Path) -> None:
    """An SVG holds `svg`, a page holds `html`, and nothing else is left in the folder."""
    for ending in ("svg", "html"):
        PICTURE.save(tmp_path / f"picture.{ending}")
    PICTURE.save(str(tmp_path / "again.SVG"))
    assert (tmp_path / "picture.svg").read_text(encoding="utf-8") == PICTURE.svg
    assert (tmp_path / "again.SVG").read_text(encoding="utf-8") == PICTURE.svg
    page = (tmp_path / "picture.html").read_text(encoding="utf-8")
    assert page == PICTURE.html
    assert PICTURE._repr_html_() in page
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "again.SVG",
        "picture.html",
        "picture.svg",
    ]


def test_png_is_an_extra(tmp_path: Path) -> None:
    """With the extra a PNG is twice as many pixels wide as the picture."""
    pytest.importorskip("resvg_py", reason="PNG needs the extra `png`")
    PICTURE.save(tmp_path / "picture.png")
    content = (tmp_path / "picture.png").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width = int.from_bytes(content[16:20], "big")
    assert width == pytest.approx(2 * PICTURE.form.lay_out().width, abs=2)


def test_png_without_the_extra_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra the error names it, and no file is left."""
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(DataError, match=r"path: PNG needs the extra `png`; pip install"):
        PICTURE.save(tmp_path / "picture.png")
    assert list(tmp_path.iterdir()) == []


def test_png_is_what_the_extra_makes_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is given the SVG, at twice its pixels, and its bytes are saved."""

    class Extra:
        @staticmethod
        def svg_to_bytes(*, svg_string: str, zoom: float) -> list[int]:
            return [*f"{zoom} {svg_string[:4]}".encode()]

    monkeypatch.setitem(sys.modules, "resvg_py", Extra)
    PICTURE.save(tmp_path / "picture.png")
    assert (tmp_path / "picture.png").read_bytes() == b"2.0 <svg"


@pytest.mark.parametrize("name", ["picture", "picture.jpg", "picture.svg.gz"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    """A name that ends in no kind of picture is refused with those that are known."""
    with pytest.raises(DataError, match=r"path: names no kind of picture; end it in one of: \.svg"):
        PICTURE.save(tmp_path / name)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A folder that is not there is told as a problem of the path, without a traceback."""
    with pytest.raises(DataError, match=r"path: cannot be written \(No such file or directory\)"):
        PICTURE.save(tmp_path / "nowhere" / "picture.svg")


def test_half_a_file_is_not_left(tmp_path: Path) -> None:
    """Where the finished file cannot take its place, nothing of it stays behind."""
    (tmp_path / "picture.svg").mkdir()
    with pytest.raises(DataError, match="path: cannot be written"):
        PICTURE.save(tmp_path / "picture.svg")
    assert [file.name for file in tmp_path.iterdir()] == ["picture.svg"]


def test_a_picture_does_not_change() -> None:
    """Its fields cannot be set."""
    with pytest.raises(AttributeError):
        PICTURE.alt = "other"  # type: ignore[misc]
