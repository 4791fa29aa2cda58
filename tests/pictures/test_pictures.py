"""What holds of every picture, whatever it shows."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sketches import FAMILIES, NAMES, Reader

from pmpromo.pictures.svg import COLOURS

if TYPE_CHECKING:
    from pmpromo.pictures.picture import Picture
    from pmpromo.pictures.svg import Label

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "pictures"
NASTY: Final = (
    "<b></title></style></svg><script>alert(1)</script> \"><img src=x onerror=y> & ' more"
)

every_family: Final = pytest.mark.parametrize("family", sorted(FAMILIES))


def draw(family: str, names: tuple[str, ...] = NAMES) -> Picture:
    """Return the picture of a family."""
    return FAMILIES[family](names)


def find_meeting(labels: tuple[Label, ...]) -> list[tuple[str, str]]:
    """Return pairs of labels whose boxes overlap."""
    boxes = [(label.text, label.box) for label in labels]
    return [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a[2], b[2]) - max(a[0], b[0]) > 0.01 and min(a[3], b[3]) - max(a[1], b[1]) > 0.01
    ]


@every_family
@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_no_two_labels_meet(family: str, count: int) -> None:
    """From one thing to forty, with names of any length and script, all labels stand apart."""
    names = tuple(f"{NAMES[n % len(NAMES)]} {n}" for n in range(count))
    layout = draw(family, names).form.lay_out()
    assert find_meeting(layout.labels) == []
    for label in layout.labels:
        left, top, right, bottom = label.box
        assert left >= 0
        assert top >= 0
        assert right <= layout.width
        assert bottom <= layout.height


def test_meeting_labels_are_found() -> None:
    """The search for labels that meet finds two in one place."""
    label = draw("bullets").form.lay_out().labels[0]
    assert find_meeting((label, label)) == [(label.text, label.text)]


@every_family
@settings(max_examples=max(5, settings().max_examples // 10))
@given(names=st.lists(st.text(min_size=1, max_size=30), min_size=3, max_size=3))
def test_hostile_text_stays_text(family: str, names: list[str]) -> None:
    """Whatever a name holds, a page has the same elements as with a plain name, and shows it."""
    plain, hostile = (
        Reader(draw(family, tuple(given))._repr_html_())
        for given in (["a", "b", "c"], [f"{NASTY} {name}" for name in names])
    )
    assert hostile.names == plain.names
    assert {name for name, _ in hostile.attributes} <= {name for name, _ in plain.attributes}
    assert hostile.open == []
    assert NASTY in "".join(hostile.texts)


@every_family
def test_a_file_holds_hostile_text_as_text(family: str) -> None:
    """An SVG file is well-formed with any name, holds only shapes and texts, and runs nothing."""
    root = ET.fromstring(draw(family, (NASTY, NASTY, NASTY)).svg)  # noqa: S314 - our own words
    kinds = {each.tag.rpartition("}")[2] for each in root.iter()}
    assert kinds <= {"svg", "title", "desc", "path", "circle", "g", "text", "tspan"}
    assert root.findtext("{*}title") == NASTY
    assert not any(name.startswith("on") for each in root.iter() for name in each.attrib)


@every_family
def test_labels_of_a_file_are_what_was_laid_out(family: str) -> None:
    """Each text of an SVG file reads as its label does, symbol and words together."""
    picture = draw(family)
    root = ET.fromstring(picture.svg)  # noqa: S314 - our own words
    written = ["".join(each.itertext()) for each in root.findall(".//{*}text")]
    assert written == [label.text for label in picture.form.lay_out().labels]


@every_family
def test_a_page_needs_nothing_and_shapes_hold_no_text(family: str) -> None:
    """No script, no network, no id; every shape is described, and no text stands inside one."""
    markup = draw(family)._repr_html_()
    page = Reader(markup)
    assert not {"script", "img", "link", "iframe", "object", "text", "use"} & set(page.names)
    assert not any(word in markup for word in ("http:", "https:", "url(", "@import"))
    assert "id" not in {name for name, _ in page.attributes}
    shapes = re.findall(r"<svg ([^>]*)>(.*?)</svg>", markup)
    assert shapes
    for attributes, content in shapes:
        assert re.sub(r"<[^>]*>", "", content) == ""
        assert ('role="img" aria-label="' in attributes) != ('aria-hidden="true"' in attributes)


@every_family
def test_colours_are_inherited_but_for_two(family: str) -> None:
    """A page names no colour besides the two of data, and those paint shapes alone."""
    markup = draw(family)._repr_html_()
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", markup)) <= {COLOURS["met"], COLOURS["gap"]}
    assert not re.search(r"[;\"{](?:color|background(?:-color)?):(?!inherit|none)", markup)


@every_family
def test_same_data_same_bytes(family: str) -> None:
    """Drawing twice gives the same page and the same file, and equal pictures."""
    one, other = draw(family), draw(family)
    assert one == other
    assert one._repr_html_() == other._repr_html_()
    assert one.svg == other.svg
    assert hash(one) == hash(other)


@every_family
def test_columns_are_tidy_and_words_tell(family: str) -> None:
    """All columns have one length, `data` holds them, and the words tell of the title."""
    picture = draw(family)
    assert len({len(column) for column in picture.columns.values()}) == 1
    assert picture.data.columns.tolist() == list(picture.columns)
    assert len(picture.data) == len(next(iter(picture.columns.values())))
    assert picture.alt.startswith(f"{picture.title}. ")
    assert str(picture) == picture.alt
    assert repr(picture) == f"Picture({picture.title!r})"


@every_family
def test_a_file_is_what_was_looked_at(family: str) -> None:
    """The file of each family is the one that was looked at, to the byte.

    After a change on purpose save them again with ``python tests/pictures/draw.py`` and look.
    """
    assert draw(family).svg == (GOLDEN / f"{family}.svg").read_text(encoding="utf-8")
