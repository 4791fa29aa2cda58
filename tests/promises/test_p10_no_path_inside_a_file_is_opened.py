"""P10: a path, an address or a name of a file that stands inside a file is text, and stays shut."""

from __future__ import annotations

import io
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest
from promises.children import run
from promises.doors import (
    DAY,
    ITEM,
    PACKET,
    RUBRIC,
    make_packet,
    make_rubric,
    score_file,
    write_csv,
    write_yaml,
)
from promises.watching import Watch

from pmpromo import (
    assess,
    explain,
    find_path,
    from_case,
    import_ladder,
    iter_packets,
    load_packet,
    load_rubric,
    parse_packet,
    parse_rubric,
    to_case,
    write_form,
    write_rubric,
)
from pmpromo.errors import PmpromoError

Content = dict[str, Any]

CANARY: Final = "canary.yaml"
"""A file that is there, holds a rubric, and must not be opened by anybody but its owner."""


def list_paths(folder: Path) -> list[str]:
    """Return the canary's name as packets and rubrics may tell it."""
    whole = str(folder / CANARY)
    return [
        whole,
        f"file://{whole}",
        CANARY,
        f"./{CANARY}",
        f"../{folder.name}/{CANARY}",
        f"..%2f{CANARY}",
    ]


def point_at(path: str) -> Content:
    """Return a packet in which everything that may hold a text holds a path."""
    facts = [
        {"metric": "growth", "value": 10.5, "unit": "percent/year", "counterfactual": path},
        {"artifact": "paper", "uri": path, "title": path},
        {"behaviour": "aligns", "point": 3, "note": path},
    ]
    support = [{"relation": "artifact", "uri": path, "text": path}]
    item = {
        **ITEM,
        "title": path,
        "facts": facts,
        "support": support,
        "problem": path,
        "role": path,
    }
    concern = {"reason_not_to_promote": path, "severity": "low", "answer": path}
    process = {"visibility": path, "opportunity": path}
    return {
        **PACKET,
        "summary": path,
        "evidence": [item],
        "concerns": [concern],
        "process": process,
    }


def ask_for(path: str) -> Content:
    """Return a rubric that names a path as its source, and asks for a paper."""
    paper = {"id": "paper", "name": path, "sections": ["a"], "reviewers": []}
    first, other = RUBRIC["criteria"]
    asked = {"fact": "paper", "sections": ["a"]}
    criterion = {**first, "name": path, "requirements": [*first["requirements"], asked]}
    ladder = {**RUBRIC["ladder"], "artifacts": [paper]}
    return {**RUBRIC, "name": path, "ladder": ladder, "criteria": [criterion, other]}


def use(path: str, folder: Path) -> None:
    """Read a packet and a rubric full of paths, and do with them all that can be done."""
    packet, rubric = folder / "packet.yaml", folder / "rubric.yaml"
    packet.write_text(f"# $schema={path}\n{write_yaml(point_at(path))}", "utf-8")
    rubric.write_text(f"# $schema={path}\n{write_yaml(ask_for(path))}", "utf-8")
    shown, asked = load_packet(packet), load_rubric(rubric)
    seen = assess(shown, asked)
    for told in (seen.report(verbose=True), seen.to_html(), seen.model_dump_json(), str(shown)):
        assert told
    explain(seen).to_html()
    find_path(shown, asked).report()
    write_form(asked, shown)
    from_case(json.dumps(to_case(asked, changed=DAY)))
    parse_rubric(write_rubric(asked), format="yaml")
    [*iter_packets([json.dumps(point_at(path))])]


def tell(folder: str) -> None:
    """Write every file that is opened while paths to a canary are used, as JSON."""
    os.chdir(folder)
    canary = Path(folder, CANARY)
    canary.write_text(write_yaml(RUBRIC), "utf-8")
    use("nothing", Path(folder))
    watch = Watch()
    seen = []
    for path in list_paths(Path(folder)):
        with watch.watch() as events:
            use(path, Path(folder))
        seen += [
            event
            for event in events
            if CANARY in event[1] or event[0].startswith(("socket", "urllib", "subprocess"))
        ]
    sys.stdout.write(json.dumps(seen))


SCRIPT: Final = """
import sys
from promises.test_p10_no_path_inside_a_file_is_opened import tell
tell(sys.argv[1])
"""


@pytest.mark.slow
def test_a_path_in_any_text_stays_shut(tmp_path: Path) -> None:
    """Reading, scoring, reporting and exporting open no file that a packet or a rubric names."""
    assert json.loads(run(SCRIPT, str(tmp_path))) == []


NAMES: Final = (CANARY, "canary", "team/canary.yaml", "pure-storage-pm/ladder", "pure-storage-pm")
"""Files that are there, under names that are identifiers; and parts of the shelf."""


@pytest.mark.parametrize("name", NAMES)
def test_a_packet_cannot_choose_a_file_for_its_rubric(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rubric that a packet names is a shipped one; a file of that name is not looked at."""
    monkeypatch.chdir(tmp_path)
    for place in (CANARY, "canary", "team/canary.yaml"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text(write_yaml(RUBRIC), "utf-8")
    packet = parse_packet({**PACKET, "rubric": name})
    with pytest.raises(PmpromoError, match="no shipped rubric has this id"):
        assess(packet)


@pytest.mark.parametrize(
    "name", ["../canary", "/etc/passwd", "..", "a/../b", "C:\\canary", "~/canary"]
)
def test_a_way_out_of_a_folder_is_no_name(name: str) -> None:
    """What climbs, starts at a root or names a drive is refused, or is no rubric of the shelf."""
    with pytest.raises(PmpromoError):
        assess(parse_packet({**PACKET, "rubric": name}))


@pytest.mark.parametrize("key", ["extends", "$ref", "include", "import", "source_file"])
def test_no_key_takes_another_file_in(key: str, tmp_path: Path) -> None:
    """A rubric cannot be continued in another file, nor can a packet."""
    (tmp_path / CANARY).write_text(write_yaml(RUBRIC), "utf-8")
    for read, content in ((parse_rubric, RUBRIC), (parse_packet, PACKET)):
        with pytest.raises(PmpromoError, match="unknown key"):
            read({**content, key: str(tmp_path / CANARY)})


def test_a_ladder_is_named_and_never_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ladder that is given by its name is a shipped one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "ladder.yaml").write_text(write_yaml(RUBRIC["ladder"]), "utf-8")
    for name in ("team", "team/ladder.yaml", "../team"):
        with pytest.raises(PmpromoError):
            parse_rubric({**RUBRIC, "ladder": name})


def test_a_cell_that_names_a_file_is_text(tmp_path: Path) -> None:
    """A link, a formula that fetches and an address in a table open nothing, and score nothing."""
    canary = tmp_path / CANARY
    canary.write_text("secret-of-the-canary", "utf-8")
    path = tmp_path / "facts.csv"
    head = "packet_id,evidence_id,fact,point,uri"
    path.write_bytes(write_csv([head, f"p-1,launch,aligns,3,{canary}"]))
    assert "secret-of-the-canary" not in str(score_file(path))


DOCTYPE: Final = '<!DOCTYPE worksheet [<!ENTITY e SYSTEM "file://{}">]>'


def test_a_workbook_with_an_entity_opens_nothing(tmp_path: Path) -> None:
    """An entity in the XML of a sheet that names a file is refused or empty, never its content."""
    canary = tmp_path / "canary.txt"
    canary.write_text("secret-of-the-canary", "utf-8")
    file, whole = io.BytesIO(), io.BytesIO(write_form(make_rubric(), make_packet()))
    with zipfile.ZipFile(whole) as parts, zipfile.ZipFile(file, "w") as copies:
        for part in parts.namelist():
            text = parts.read(part)
            if part.startswith("xl/worksheets/sheet") or part == "xl/sharedStrings.xml":
                name = text.partition(b"<")[2].partition(b" ")[0].decode()
                kind = DOCTYPE.format(canary).replace("worksheet", name).encode()
                text = kind + text.replace(ITEM["title"].encode(), b"&e;")
            copies.writestr(part, text)
    path = tmp_path / "form.xlsx"
    path.write_bytes(file.getvalue())
    try:
        told = load_packet(path).model_dump_json()
    except PmpromoError as error:
        told = str(error)
    assert "secret-of-the-canary" not in told


def test_a_ladder_in_words_fetches_nothing(tmp_path: Path) -> None:
    """Links and pictures in Markdown are words; front matter that includes a file is refused."""
    (tmp_path / "secret.md").write_text("secret-of-the-canary", "utf-8")
    page = tmp_path / "ladder.md"
    for cell in ("![x](secret.md)", "[x](file:secret.md)", "{{include secret.md}}", "<secret.md>"):
        table = f"| competency | L1 | L2 |\n|---|---|---|\n| Reach | {cell} Helps | Leads |\n"
        page.write_text(table, "utf-8")
        assert "secret-of-the-canary" not in str(
            [each.model_dump() for each in import_ladder(page)]
        )
    page.write_text("---\nlevels: !include secret.md\n---\n# Reach\n## L1\nHelps\n", "utf-8")
    with pytest.raises(PmpromoError):
        import_ladder(page)
