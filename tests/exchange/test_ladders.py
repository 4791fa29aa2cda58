"""Ladders that people have: every form of one ladder gives the same drafts, or says where it fails.

The ladders here are made up, in the forms that public ones have: spreadsheets either way round,
tables and headings in Markdown, pages with front matter, mappings and lists of records.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import list_problems

from pmpromo import import_ladder, load_rubric, parse_rubric, write_rubric
from pmpromo.errors import LadderError, Place, PmpromoError
from pmpromo.exchange.draft import IN_PARTS, NOT_SEEN, UNDESCRIBED, draft_rubrics
from pmpromo.exchange.grid import Entry, Grid, find_side, read_grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmpromo import Rubric


@pytest.fixture(autouse=True)
def _stand_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> str:
    """Write a file, and return its name."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")
    return name


def list_anchors(draft: Rubric) -> Mapping[str, tuple[str, ...]]:
    """List what is seen at points 2, 3 and 4 of each behaviour."""
    return {each.id: (each.anchors or ())[2:] for each in draft.ladder.behaviours}


ANCHORS: Final = (
    {
        "reach": ("Helps one team", "Leads a team", "Leads several teams, with others"),
        "writing": ("Takes notes", "Writes the plan", UNDESCRIBED),
    },
    {
        "reach": ("Leads a team", "Leads several teams, with others", UNDESCRIBED),
    },
)
"""The ladder that every file below tells: nothing is said of writing at the third level."""

FORMS: Final = {
    "wide.csv": """\
competency,L1,L2,L3
Reach,Helps one team,Leads a team,"Leads several teams, with others"
Writing,Takes notes,Writes the plan,-
""",
    "corner.csv": """\
,L1,L2,L3
Reach,Helps one team,Leads a team,"Leads several teams, with others"
Writing,Takes notes,Writes the plan,
""",
    "turned.csv": """\
Level,Reach,Writing
L1,Helps one team,Takes notes
L2,Leads a team,Writes the plan
L3,"Leads several teams, with others",n/a
""",
    "areas.csv": """\
Area,Skill,L1,L2,L3
People,Reach,Helps one team,Leads a team,"Leads several teams, with others"
Craft,Writing,Takes notes,Writes the plan,TBD
""",
    "about.csv": """\
Category,Parameter,Description,L1,L2,L3
People,Reach,How far it goes,Helps one team,Leads a team,"Leads several teams, with others"
People,Writing,What is written,Takes notes,Writes the plan,
""",
    "about.md": """\
| Area | Skill | L1 | L2 | L3 |
|---|---|---|---|---|
| People | Reach | Helps one team | Leads a team | Leads several teams, with others |
| People | Writing | Takes notes | Writes the plan |
""",
    "long.csv": """\
Level;Competency;What we expect
L1;Reach;Helps one team
L1;Writing;Takes notes
L2;Reach;Leads a team
L2;Writing;Writes the plan
L3;Reach;Leads several teams, with others
""",
    "turned-long.csv": """\
Competency;Level;What we expect
Reach;L1;Helps one team
Reach;L2;Leads a team
Reach;L3;Leads several teams, with others
Writing;L1;Takes notes
Writing;L2;Writes the plan
""",
    "table.md": """\
# Our ladder

|  | **L1** | L2 | L3 |
|:--|---|---|---|
| [Reach](reach.md) | Helps _one_ team | Leads a team | Leads several teams, with others |
| Writing | Takes notes | Writes the **plan** | \u2013 |
""",
    "tables.md": """\
## People
Competency | is no table without its bar

| Competency | L1 | L2 | L3 |
|---|---|---|---|
| Reach | Helps one team | Leads a team | Leads several teams, with others |

## Craft

| Competency | L1 | L2 | L3 |
|---|---|---|---|
| Writing | Takes notes | Writes the plan | |
""",
    "headings.md": """\
---
title: headings
levels: [L1, L2, L3]
---
Some words before.

# Product

## Reach
### L1
Helps one team
### L2 ###
Leads a team
### L3
* Leads several teams, with others

## Writing
### L1
Takes notes
### L2
Writes the plan
""",
    "levels-first.md": """\
# L1
## Reach
Helps one team
## Writing
Takes notes
# L2
## Reach
Leads a team
## Writing
Writes the plan
# L3
## Reach
Leads several teams, with others
""",
    "nested.json": json.dumps(
        {
            "Reach": {
                "L1": "Helps one team",
                "L2": "Leads a team",
                "L3": "Leads several teams, with others",
            },
            "Writing": {"L1": "Takes notes", "L2": "Writes the plan", "L3": None},
        }
    ),
    "aligned.yaml": """\
levels: [L1, L2, L3]
competencies:
  - name: Reach
    description: how far the work goes
    milestones: [Helps one team, Leads a team, "Leads several teams, with others"]
  - name: Writing
    milestones: [Takes notes, Writes the plan]
""",
    "declared.yml": """\
levels: [{id: L1, order: 1}, {id: L2, order: 2}, {id: L3, order: 3}]
Writing: {L2: Writes the plan, L1: {text: Takes notes}}
Reach:
  - {level: L1, description: Helps one team}
  - {level: L3, description: "Leads several teams, with others"}
  - {level: L2, description: Leads a team}
""",
    "levels.json": json.dumps(
        {
            "title": "levels",
            "levels": [
                {"name": "L1", "skills": {"Reach": "Helps one team", "Writing": "Takes notes"}},
                {"name": "L2", "skills": {"Reach": ["Leads a team"], "Writing": "Writes the plan"}},
                {"name": "L3", "skills": {"Reach": "Leads several teams, with others"}},
            ],
        }
    ),
    "rows.json": json.dumps(
        [
            {"competency": "Reach", "L1": "Helps one team", "L2": "Leads a team"}
            | {"L3": "Leads several teams, with others"},
            {"competency": "Writing", "L1": "Takes notes", "L2": "Writes the plan", "L3": "-"},
        ]
    ),
    "cells.json": json.dumps(
        [
            {"level": "L1", "skill": "Reach", "description": "Helps one team"},
            {"level": "L1", "skill": "Writing", "description": "Takes notes"},
            {"level": "L2", "skill": "Reach", "description": "Leads a team"},
            {"level": "L2", "skill": "Writing", "description": "Writes the plan"},
            {"level": "L3", "skill": "Reach", "description": "Leads several teams, with others"},
        ]
    ),
}
"""One ladder in the forms that people keep."""


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_a_ladder_gives_the_same_drafts(name: str) -> None:
    """Words of a level stand at point 3, those of the levels beside it at points 2 and 4."""
    drafts = import_ladder(write(name, FORMS[name]))
    assert [(each.current_level, each.target_level) for each in drafts] == [
        ("L1", "L2"),
        ("L2", "L3"),
    ]
    assert [list_anchors(draft) for draft in drafts] == [*ANCHORS]


PAGES: Final = {
    "ladder/10-third.md": "---\nlevel: L3\n---\n# Reach\nLeads several teams, with others\n",
    "ladder/2-second.md": "---\nlevel: L2\n---\n# Reach\nLeads a team\n# Writing\nWrites the plan",
    "ladder/1-first.md": "---\nlevel: L1\n---\n# Reach\nHelps one team\n# Writing\nTakes notes\n",
}
"""A page a level; their order is that of the numbers in their names."""


def test_a_folder_of_pages_is_a_ladder() -> None:
    """Pages of one level each come in the order of their names, 10 after 2."""
    for name, text in PAGES.items():
        write(name, text)
    drafts = import_ladder("ladder")
    assert [list_anchors(draft) for draft in drafts] == [*ANCHORS]
    assert drafts[0].id == "ladder/l1-l2"


def test_pages_stand_where_their_front_matter_says() -> None:
    """An order in the front matter goes before the names of the files, which name the levels."""
    write("ladder/Senior.md", "---\norder: 2\n---\n# Senior\n## Reach\nLeads a team\n")
    write("ladder/Junior.md", "---\norder: 1\n---\n# Reach\nHelps a team\n")
    write("ladder/Staff.md", "---\n---\n# Reach\nLeads many\n")
    assert [draft.id for draft in import_ladder(Path("ladder"))] == [
        "ladder/junior-senior",
        "ladder/senior-staff",
    ]


def test_a_draft_says_what_it_is() -> None:
    """A draft has equal weights, a name and a version that say so, and lists what it left out."""
    first, second = import_ladder(write("Product Ladder.csv", FORMS["wide.csv"]))
    assert (first.id, first.version, first.name) == (
        "product-ladder/l1-l2",
        "0-draft",
        "Draft: L1 to L2",
    )
    assert first.status == "illustrative"
    assert {criterion.weight for criterion in first.criteria} == {1}
    assert {each.anchors[:2] for each in first.ladder.behaviours if each.anchors} == {
        (NOT_SEEN, IN_PARTS)
    }
    assert second.source is not None
    assert second.source.note.endswith("Without words at L3: Writing.")


def test_levels_that_begin_with_a_code_are_called_by_it() -> None:
    """`IC4 Senior` is the level IC4; its title is kept."""
    text = "skill,IC3 - PM,IC4 - Senior PM\nReach,a,b\n"
    (draft,) = import_ladder(write("a.csv", text))
    assert draft.target_level == "IC4"
    assert draft.ladder.levels[1].name == "IC4 - Senior PM"


def test_names_in_another_script_have_ids() -> None:
    """Competencies that ASCII cannot write are told apart, and the file loads."""
    text = "level,影響力,Café,Cafe\nL1,一,a,c\nL2,二,b,d\n"
    (draft,) = import_ladder(write("梯.csv", text))
    names = [criterion.id for criterion in draft.criteria]
    assert names[1] == "cafe"
    assert names[0].startswith("n_")
    assert names[2].startswith("cafe_")
    assert parse_rubric(write_rubric(draft), format="yaml") == draft


CELL: Final = st.text(
    st.characters(codec="latin-1", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=30
)


@given(words=st.lists(CELL, min_size=4, max_size=4), lines=st.booleans())
def test_what_is_written_loads_again(words: list[str], lines: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever the words, the file that is written reads as the same rubric."""
    said = ["\n".join(["a", *words]) if lines else f"{word}." for word in words]
    place = Place("x", 1, 1)
    cells = [Entry("L1", "Reach", said[0], place), Entry("L2", "Reach", said[1], place)]
    drafts = draft(cells)
    assert parse_rubric(write_rubric(drafts[0]), format="yaml") == drafts[0]


def draft(cells: list[Entry]) -> tuple[Rubric, ...]:
    """Draft rubrics of cells."""
    return draft_rubrics(read_grid(Grid(cells), "x"), "x")


@pytest.mark.parametrize("text", ["1e5", "0o17", "null", "~", "1" * 400, "no: x", "#a", "12", "x"])
def test_texts_that_look_like_something_else_stay_texts(text: str) -> None:
    """What YAML would take for a number, nothing or a key is quoted."""
    place = Place("x", 1, 1)
    cells = [Entry("L1", "Reach", "a", place), Entry("L2", "Reach", text, place)]
    (made,) = draft(cells)
    assert parse_rubric(write_rubric(made), format="yaml") == made


def test_a_shipped_rubric_is_written_and_read() -> None:
    """The largest rubric there is, with its ladder written out, comes back as it was."""
    rubric = load_rubric("pure-storage-pm/l3-l4")
    assert parse_rubric(write_rubric(rubric), format="yaml") == rubric
    assert "weight: 20" in write_rubric(rubric)


BAD: Final = {
    "nothing.csv": ("", ["nothing.csv: empty; the first line names the columns"]),
    "head.csv": (
        "competency,L1,L2\n",
        [
            (
                "head.csv: no words of levels and competencies; give a table of levels against"
                " competencies, with words in its cells"
            )
        ],
    ),
    "unclear.csv": (
        "thing,Reach,Depth\nA,a,b\nB,c,d\n",
        [
            (
                "unclear.csv: which side holds the levels cannot be told; name the first"
                " column level or competency"
            )
        ],
    ),
    "both.csv": (
        "thing,L1,L2\nL3,a,b\nL4,c,d\n",
        [
            (
                "both.csv: which side holds the levels cannot be told; name the first"
                " column level or competency"
            )
        ],
    ),
    "one.csv": ("skill,L1\nReach,a\n", ["one.csv: 1 levels; a ladder has 2 to 40"]),
    "bare.csv": (
        "skill,L1,L2,L3\nReach,a,,c\nDepth,a,,c\n",
        ["bare.csv:2:1: L2: a level without words; describe it, or leave it out"],
    ),
    "twice.csv": (
        "skill,L1,L2\nReach,a,b\nReach,c,\n",
        ["twice.csv:3:1: words for the same pair again; keep one"],
    ),
    "nameless.csv": (
        "skill,L1,L2\n,a,b\n",
        ["nameless.csv:2:1: words without a name; name each row and column"] * 2,
    ),
    "refused.csv": (
        "skill,L1,L2\nReach,a,b\nAge,a,b\n",
        [
            (
                "refused.csv:3:1: Age: refused: a protected attribute; it has no place in a"
                " packet; rename it"
            )
        ],
    ),
    "hidden.csv": (
        "skill,L1,L2\nReach,a\u202e,b\n",
        ["hidden.csv:2:8: direction character U+202E; delete it"],
    ),
    "long.csv": (
        f"skill,L1,L2\n{'R' * 201},a,{'b' * 20001}\n",
        [
            "long.csv:2:1: longer than 200 characters; shorten it",
            "long.csv:2:1: longer than 200 characters; shorten it",
            "long.csv:2:1: longer than 20000 characters; shorten it",
        ],
    ),
    "a.txt": (
        "x",
        [
            (
                "a.txt: no ladder that is read here; its name must end in .csv, .tsv,"
                " .md, .yaml, .yml, .json"
            )
        ],
    ),
    "text.json": ('"x"', ["text.json:1:1: no ladder; give levels and competencies in words"]),
    "broken.json": ("{", ["broken.json:1:2: not JSON: a key is expected; the text may be cut"]),
    "number.json": (
        '{"Reach": {"L1": 1, "L2": "b"}}',
        [
            "number.json:1:18: Reach.L1: no words; write a text, or a list of texts",
        ],
    ),
    "flat.json": (
        '{"skills": {"Reach": "a"}}',
        ["flat.json:1:22: skills.Reach: neither a mapping nor a list; give names and words"],
    ),
    "nameless.json": (
        '{"skills": [{"levels": {"L1": "a"}}]}',
        ["nameless.json:1:13: skills[0]: has no name; give it one of: name, title, id, label"],
    ),
    "unlisted.json": (
        '{"skills": {"Reach": ["a", "b"]}}',
        [
            "unlisted.json:1:23: skills.Reach[0]: words without a level; list the levels, one each",
            "unlisted.json:1:28: skills.Reach[1]: words without a level; list the levels, one each",
        ],
    ),
    "words.md": (
        "# Only\nwords\n",
        [
            (
                "words.md: no words of levels and competencies; give a table of levels against"
                " competencies, with words in its cells"
            )
        ],
    ),
    "front.md": (
        "---\n\nlevels: [L1\n---\n# a\n",
        [
            (
                "front.md:4:1: not YAML: did not find expected ',' or ']'; close the bracket; the"
                " text may be cut"
            )
        ],
    ),
}
"""Files that are no ladders, and what is said of them."""


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_ladder_is_told_at_its_place(name: str) -> None:
    """Every problem is named with its line, and mended by what the message says."""
    text, problems = BAD[name]
    write(name, text)
    assert list_problems(lambda: import_ladder(name)) == problems


def test_what_is_no_file_of_text_is_told() -> None:
    """A missing page, a page in another encoding and a folder without pages are named."""
    assert list_problems(lambda: import_ladder("no.md")) == ["no.md: no such file"]
    Path("latin.md").write_bytes("# Fähigkeit".encode("latin-1"))
    assert list_problems(lambda: import_ladder("latin.md")) == [
        "latin.md:1:4: not UTF-8, from byte 3 on; save it as UTF-8"
    ]
    Path("empty").mkdir()
    assert list_problems(lambda: import_ladder("empty")) == [
        "empty: 0 pages of Markdown; a ladder has 1 to 100 pages that end in .md"
    ]


@pytest.mark.parametrize("name", [name for name in FORMS if name.endswith("json")])
def test_a_ladder_in_json_that_was_cut_is_refused(name: str) -> None:
    """Cut at any byte, a file of JSON gives no drafts."""
    for end in range(0, len(FORMS[name]), 5):
        write(name, FORMS[name][:end])
        with pytest.raises(LadderError):
            import_ladder(name)


def test_long_names_and_long_lists_fit() -> None:
    """Names of two hundred signs make ids that fit; of many competencies the first are listed."""
    levels = [f"{'level ' * 30}{number}" for number in range(3)]
    rows = [f"{'skill ' * 30}{number},a,b,{'c' if not number else ''}" for number in range(30)]
    text = "\n".join([f"skill,{','.join(levels)}", *rows, ""])
    first, second = import_ladder(write("a.csv", text))
    assert len({criterion.id for criterion in first.criteria}) == 30
    assert second.source is not None
    assert second.source.note.endswith("and 9 more.")
    assert parse_rubric(write_rubric(second), format="yaml") == second


def test_cells_of_several_lines_are_read() -> None:
    """Line ends inside a cell are those of texts, whatever the program that wrote them."""
    Path("a.csv").write_bytes(b'skill,L1,L2\r\nReach,"a\r\nb",c - d\r\n')
    (draft,) = import_ladder("a.csv")
    assert list_anchors(draft)["reach"][:2] == ("a\nb", "c - d")


def test_marks_of_lists_are_dropped_and_dashes_stay() -> None:
    """A bullet at the start of a line is markup; a dash inside it is not."""
    text = "# L1\n## C#\n- a - b\n# L2 ##\n## C#\n  * c\n\n+ d\n"
    (draft,) = import_ladder(write("a.md", text))
    assert list_anchors(draft)["c"][:2] == ("a - b", "c\nd")
    assert (draft.target_level, draft.criteria[0].name) == ("L2", "C#")


@pytest.mark.parametrize("line", ["| " + "-" * 200_000 + "x", "# " + " #" * 200_000 + "x"])
def test_a_long_line_takes_no_long_time(line: str) -> None:
    """What looks like a rule or a heading almost to its end is read in one pass."""
    write("a.md", f"|a|b|\n{line}\n{line}\n")
    with pytest.raises(LadderError):
        import_ladder("a.md")


SIGNS: Final = st.sampled_from([*"|#-\n,;\"'{}[]:&*!\t\u202e\x00", "---\n", "levels", "## ", "L1"])


@given(name=st.sampled_from(sorted(FORMS)), at=st.floats(0, 1), sign=SIGNS, cut=st.integers(0, 30))
def test_whatever_a_file_holds_it_is_read_or_refused(
    name: str, at: float, sign: str, cut: int
) -> None:
    """A file with something put in or taken out is a ladder, or an error of ours names why not."""
    text = FORMS[name]
    place = int(at * len(text))
    write(name, text[:place] + sign + text[place + cut :])
    with suppress(PmpromoError):
        assert all(made.criteria for made in import_ladder(name))


@pytest.mark.parametrize("name", ["a.csv", "a.md", "a.json"])
def test_what_is_longer_than_any_ladder_is_not_read(name: str) -> None:
    """A file of more than a megabyte is refused before any of it is looked at."""
    write(name, "x" * ((1 << 20) + 1))
    assert list_problems(lambda: import_ladder(name)) == [f"{name}: longer than 1048576 bytes"]


def test_front_matter_that_lists_competencies_tells_the_sides() -> None:
    """Headings whose names look like nothing are told apart by what the front matter lists."""
    body = "# Reach\n## Alpha\na\n## Beta\nb\n"
    (draft,) = import_ladder(write("a.md", f"---\nskills: [Reach]\n---\n{body}"))
    assert draft.target_level == "beta"
    (turned,) = import_ladder(write("b.md", f"---\nlevels: [Beta, Alpha]\n---\n{body}"))
    assert turned.target_level == "alpha"


def test_a_table_without_words_is_no_table() -> None:
    """A line of bars without the rule below it is text among the headings."""
    text = "# L1\n## Reach\na\n| b |\n# L2\n## Reach\nc\n"
    (draft,) = import_ladder(write("a.md", text))
    assert list_anchors(draft)["reach"][:2] == ("a\n| b |", "c")


@pytest.mark.parametrize("name", ["a.csv", "a.md"])
def test_a_corner_that_means_the_other_heads_is_seen_through(name: str) -> None:
    """`Level` before IC1 and IC2 says what these are, and not what stands below it."""
    rows = [("Level", "IC1", "IC2"), ("Coding", "a", "b"), ("Testing", "c", "d")]
    rows.append(("Staff development", "e", "f"))
    mark = "," if name == "a.csv" else "|"
    lines = [mark.join(row) for row in rows]
    if name == "a.md":
        lines = [f"|{line}|" for line in (lines[0], "-|-|-", *lines[1:])]
    (draft,) = import_ladder(write(name, "\n".join([*lines, ""])))
    assert [criterion.id for criterion in draft.criteria] == [
        "coding",
        "testing",
        "staff_development",
    ]


def test_competencies_that_sound_like_levels_hold_words() -> None:
    """Below levels, columns such as `Lead` are competencies, and none of them is passed over."""
    text = "Level,Reach,Executive presence,Lead\nL1,a,b,c\nL2,d,e,f\n"
    (draft,) = import_ladder(write("a.csv", text))
    assert [criterion.id for criterion in draft.criteria] == ["reach", "executive_presence", "lead"]


def test_a_corner_decides_where_names_do_not() -> None:
    """Names that could be either are what the head of the first column says."""
    text = "{},Builder,Owner\nExecutive presence,a,b\nCraft,c,d\n"
    (draft,) = import_ladder(write("a.csv", text.format("Competency")))
    assert (draft.current_level, draft.target_level) == ("builder", "owner")
    (turned,) = import_ladder(write("a.csv", text.format("Role")))
    assert turned.target_level == "craft"


def test_heads_that_hold_a_number_are_names() -> None:
    """`Level 2` is a level and no head of a column of levels."""
    assert find_side("Level 2") is None
    (draft,) = import_ladder(write("a.csv", "Skill,Level 1,Level 2\nReach,a,b\n"))
    assert draft.target_level == "level_2"
