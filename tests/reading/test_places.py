"""Where things stand, and how that is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading.samples import JSON, YAML, change

from pmpromo.errors import PacketError, Place
from pmpromo.packet import Packet
from pmpromo.reading.models import locate, read_model, read_tree
from pmpromo.reading.places import Cursor, display, draw_excerpt, name_path


@pytest.mark.parametrize(
    ("loc", "yaml_place", "json_place"),
    [
        (("id",), "p:2:5", "p:3:8"),
        (("evidence", 0, "facts", 0, "metric"), "p:12:18", "p:21:16"),
        (("evidence", 0, "scope"), "p:10:12", "p:12:13"),
        (("evidence", 0, "facts", 1), "p:13:9", "p:26:5"),
        (("declared_none", 0), "p:16:17", "p:41:3"),
        (("evidence", 0, "facts", 0, "period"), "p:12:9", "p:20:5"),
        (("evidence", 0, "problem", "x"), "p:6:5", "p:7:3"),
        (("process", 3), "p:1:1", "p:1:1"),
        ((), "p:1:1", "p:1:1"),
    ],
)
def test_locate(loc: tuple[str | int, ...], yaml_place: str, json_place: str) -> None:
    """A loc leads to its value, and one that is not there to the nearest thing around it."""
    assert str(locate(YAML, "yaml", "p", loc)) == yaml_place
    assert str(locate(JSON, "json", "p", loc)) == json_place


def test_locate_in_nothing() -> None:
    """Where nothing can be read, nothing has a place."""
    assert locate(b"\xff", "yaml", "p", ("id",)) is None


def test_places_have_widths() -> None:
    """A place covers a value or key on one line; of longer things only the first character."""
    tree = read_tree("ab: cdef\nx: |\n  y\nz: 'q'\n", "yaml", "p")
    widths = {loc[0]: (spot.key, spot.value) for loc, spot in tree.places.items() if loc}
    assert widths == {
        "ab": (Place("p", 1, 1, 2), Place("p", 1, 5, 4)),
        "x": (Place("p", 2, 1, 1), Place("p", 2, 4, 1)),
        "z": (Place("p", 4, 1, 1), Place("p", 4, 4, 3)),
    }


@given(st.text("ab\n", max_size=60), st.data())
def test_cursor_counts_as_splitting_does(text: str, data: st.DataObject) -> None:
    """Line and column of an offset are those found by splitting what stands before it."""
    cursor = Cursor(text, "p")
    for offset in sorted(data.draw(st.lists(st.integers(0, len(text))))):
        before = text[:offset].split("\n")
        assert cursor.place(offset) == Place("p", len(before), len(before[-1]) + 1)


@given(st.text("a\n", max_size=30), st.integers(1, 20))
def test_excerpt_finds_its_line(text: str, number: int) -> None:
    """The line shown is the line counted, also when counting takes blocks."""
    lines = ("\n" * 70_000 + text).split("\n")
    line = 70_000 + min(number, len(lines) - 70_000)
    shown = draw_excerpt("\n" * 70_000 + text, Place("p", line, 1)).split("\n")
    assert shown[1] == f"{line} | {lines[line - 1]}".rstrip()


def test_excerpt_of_a_far_column() -> None:
    """Of a long line 80 characters around the place are shown, and the caret is under it."""
    line = "x" * 500 + "!" + "y" * 500
    first, second = draw_excerpt(line, Place("p", 1, 501)).split("\n")
    assert first == "    1 | " + "x" * 60 + "!" + "y" * 19
    assert second.index("^") == first.index("!")


def test_excerpt_of_wide_and_odd_characters() -> None:
    """Carets stand under the place where characters are wide, combined or escaped."""
    text = "\t漢字\u202ea\u0302: ~x\n"
    first, second = draw_excerpt(text, Place("p", 1, 8, 2)).split("\n")
    assert first == "    1 |  漢字\\u202ea\u0302: ~x"
    assert second == "      | " + " " * (1 + 4 + 6 + 1 + 1) + "^^"


def test_excerpt_shows_a_bounded_piece() -> None:
    """However long the line and however odd its characters, 80 characters are shown."""
    for place in (Place("p", 1, 1, 900), Place("p", 1, 700, 900)):
        shown = draw_excerpt("\u202e" * 1000, place).split("\n")
        assert max(map(len, shown)) <= 88


def test_windows_line_end_is_not_shown() -> None:
    """The carriage return before a line feed is no part of the line."""
    assert draw_excerpt("a: b\r\nc: d\r\n", Place("p", 2, 1)) == (
        "    1 | a: b\n    2 | c: d\n      | ^"
    )


def test_names_of_paths() -> None:
    """Paths read as people write them; keys that are no names are quoted, long ones shortened."""
    assert name_path(()) == ""
    assert name_path(("a", 0, "b_c")) == "a[0].b_c"
    assert name_path((1,)) == "[1]"
    assert name_path(("a b", '"\u202e')) == '["a b"]["\\"\\u202e"]'
    assert name_path(("k" * 90,)) == "k" * 40 + "…"
    long = name_path(tuple("abcdefghij" * 10))
    assert len(long) == 80
    assert long.startswith("…")


@given(st.text(st.characters(codec=None)))
def test_display_is_printable(text: str) -> None:
    """Whatever is displayed holds no control, direction or line-breaking character."""
    assert display(text).isprintable()


def test_services_never_repeat_the_input() -> None:
    """Without `show`, no value of the input stands in message, problems or arguments."""
    private = "Mr-Private"
    text = change("led", private).replace("2025-03-01", private).replace("6}", f"{private}}}")
    with pytest.raises(PacketError) as caught:
        read_model(Packet, text, format="yaml", error=PacketError)
    assert len(caught.value.problems) == 3
    assert private not in str(caught.value) + repr(caught.value) + repr(caught.value.args)


def test_order_of_problems_is_that_of_the_text() -> None:
    """Problems are told from top to bottom."""
    text = (
        change("acquired", "acq\u200buired")
        .replace("point: 3", "point: 5")
        .replace("id: s", "i: s")
    )
    with pytest.raises(PacketError) as caught:
        read_model(Packet, text, format="yaml", error=PacketError)
    lines = [problem.place.line for problem in caught.value.problems if problem.place]
    assert lines == [1, 2, 7, 13]
