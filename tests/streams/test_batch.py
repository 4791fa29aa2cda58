"""`pmpromo batch`: the rows, and a run that is killed anywhere and goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import date
from multiprocessing import Pipe, active_children
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import list_problems

from pmpromo import Assessment, assess, fit_readiness, load_rubric, parse_packet
from pmpromo.batch import run, workers
from pmpromo.batch.journal import Mark, Prefix
from pmpromo.batch.rows import COLUMNS, describe, describe_gaps
from pmpromo.batch.run import Places, score_file
from pmpromo.batch.task import Chunk, Scored, Task, score_lines
from pmpromo.batch.workers import score_apart, serve
from pmpromo.cli import main
from pmpromo.errors import DataError, PacketError
from pmpromo.reading.lines import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")
TASK: Final = Task("packets.jsonl", RUBRIC, tells_gaps=True)
BROKEN: Final = '{"id": "broken", "evidnce": []}'


def write_packet(number: int) -> str:
    """Write a packet whose score depends on its number."""
    item = {
        "id": "work",
        "title": f"Work {number}",
        "ownership": "led",
        "in_progress": True,
        "facts": [{"behaviour": "aligns_functions", "point": number % 5}],
        "support": [{"relation": "manager"}][: number % 2],
    }
    content = {"id": f"p-{number}", "as_of": "2026-06-30", "evidence": [item]}
    return json.dumps({**content, "rubric": RUBRIC.id})


PACKETS: Final = [write_packet(number) for number in range(10)]


@pytest.fixture(autouse=True)
def _stand_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "CHUNK_LINES", 3)


def write(lines: list[str], end: str = "\n") -> None:
    """Write the packets of a run."""
    Path("packets.jsonl").write_text("".join(line + end for line in lines), encoding="utf-8")


def read_files() -> dict[str, bytes]:
    """Read all that lies in the folder, apart from the packets."""
    return {
        path.name: path.read_bytes() for path in Path().iterdir() if path.name != "packets.jsonl"
    }


PLACES: Final = Places(Path("packets.jsonl"), Path("scores.jsonl"), Path("gaps.jsonl"))


def score(task: Task = TASK, **options: Any) -> dict[str, bytes]:  # noqa: ANN401 - of score_file
    """Score the file in the folder, and read what is there then."""
    score_file(PLACES, task, **options)
    return read_files()


def seen_by_assess(text: str) -> Assessment:
    """Assess one packet alone."""
    return assess(parse_packet(text), RUBRIC)


# --- the rows


def test_rows_are_those_of_assess() -> None:
    """Each packet has the row, and the rows of gaps, that its own assessment gives."""
    write(PACKETS)
    files = score()
    rows = [json.loads(line) for line in files["scores.jsonl"].splitlines()]
    gaps = [json.loads(line) for line in files["gaps.jsonl"].splitlines()]
    alone = [seen_by_assess(text) for text in PACKETS]
    assert rows == [
        {"line": number, **json.loads(json.dumps(describe(seen), default=date.isoformat))}
        for number, seen in enumerate(alone, 1)
    ]
    assert gaps == json.loads(
        json.dumps(
            [
                {"line": number, **gap}
                for number, seen in enumerate(alone, 1)
                for gap in describe_gaps(seen)
            ]
        )
    )
    assert [row["proven"] for row in rows] == [seen.proven for seen in alone]
    assert len({row["proven"] for row in rows}) > 5


def test_numbers_survive_being_written() -> None:
    """What a row holds as text is the very number that assess computed."""
    (line,) = score_lines([Line(1, PACKETS[3])], TASK).rows.splitlines()
    seen, row = seen_by_assess(PACKETS[3]), json.loads(line)
    told = seen.readiness
    assert [row["probability"], row["low"], row["high"], *row["if_documented"]] == [
        told.probability,
        told.low,
        told.high,
        *told.if_documented,
    ]
    assert [(each["criterion"], each["proven"], each["possible"]) for each in row["criteria"]] == [
        (each.id, each.proven, each.possible) for each in seen.criteria
    ]


def test_refused_packet_has_a_row_too() -> None:
    """Collecting gives a packet that cannot be scored a row of its problems, and counts it."""
    far = json.dumps({"id": "far", "as_of": "2026-06-30", "evidence": [], "rubric": "none/such"})
    write([PACKETS[0], BROKEN, far])
    done = score_file(PLACES, TASK._replace(raises=False, rubric=None))
    rows = [json.loads(line) for line in Path("scores.jsonl").read_bytes().splitlines()]
    assert done == Mark(3, 3, 2, done.told)
    assert [row["line"] for row in rows] == [1, 2, 3]
    assert [row["packet_id"] for row in rows] == ["p-0", None, "far"]
    assert [tuple(row) for row in rows] == [("line", *COLUMNS)] * 3
    assert [problem["path"] for problem in rows[1]["problems"]] == ["evidence", "evidnce"]
    assert rows[2]["proven"] is None
    assert done.told[1] == ("packets.jsonl:2:18: evidnce: unknown key; did you mean 'evidence'?")


def test_problems_told_are_as_many_as_a_message_shows() -> None:
    """Of many problems the first twenty are told, from whichever chunks they come."""
    write([BROKEN] * 15)
    done = score_file(PLACES, TASK._replace(raises=False))
    assert (done.packets, done.refused, len(done.told)) == (15, 15, 20)
    assert done.told[-1].startswith("packets.jsonl:10:")


def test_nothing_comes_of_nothing() -> None:
    """A file without packets gives files without rows."""
    write(["", " "])
    assert score() == {"scores.jsonl": b"", "gaps.jsonl": b""}


@pytest.mark.parametrize("processes", [pytest.param(2, marks=pytest.mark.slow), 3])
def test_any_number_of_processes_writes_the_same_bytes(processes: int) -> None:
    """Rows are in the order of the lines, and the same, however many processes make them."""
    lines = [*PACKETS, "", BROKEN, *PACKETS]
    write(lines)
    task = TASK._replace(raises=False, as_of=date(2026, 7, 31))
    alone = score(task)
    assert score(task, processes=processes) == alone
    assert alone["scores.jsonl"].count(b"\n") == 21


def test_lines_of_any_length_make_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where chunks begin and end makes no difference."""
    write(PACKETS)
    once = score()
    monkeypatch.setattr(run, "CHUNK_BYTES", 1)
    marks: list[Mark] = []
    assert score(tell=lambda done, _: marks.append(done)) == once
    assert [done.packets for done in marks] == [*range(1, 11)]


# --- going on


def cut_after(chunks: int) -> Callable[[Mark, float], None]:
    """Return what ends a run after so many chunks, as a kill would."""
    marks: list[Mark] = []

    def end(done: Mark, _: float) -> None:
        marks.append(done)
        if len(marks) == chunks:
            raise KeyboardInterrupt

    return end


def break_off(chunks: int, task: Task = TASK) -> None:
    """Run so many chunks, and leave what is there."""
    with pytest.raises(KeyboardInterrupt):
        score_file(PLACES, task, tell=cut_after(chunks))


def count_lines(task: Task = TASK) -> int:
    """Finish a run, and count the lines that were scored for it."""
    counted: list[Line] = []

    def count(lines: list[Line], task: Task) -> Any:  # noqa: ANN401 - rows
        counted.extend(lines)
        return score_lines(lines, task)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "score_lines", count)
        score_file(PLACES, task)
    return len(counted)


def test_killed_run_leaves_a_prefix_and_the_next_goes_on() -> None:
    """What is there after a kill is the beginning of the whole, and only the rest is done again."""
    write(PACKETS)
    whole = score()
    break_off(2)
    for name in whole:
        Path(name).unlink()
    left = read_files()
    assert left.keys() == {"scores.jsonl.part", "gaps.jsonl.part", "scores.jsonl.journal"}
    assert left["scores.jsonl.part"].count(b"\n") == 6
    assert whole["scores.jsonl"].startswith(left["scores.jsonl.part"])
    assert whole["gaps.jsonl"].startswith(left["gaps.jsonl.part"])
    assert count_lines() == 4
    assert read_files() == whole


def repeat_lines(lines: list[Line], _: Task) -> Scored:
    """Return rows that cost nothing: the numbers of the lines."""
    rows = "".join(f"{line.number}\n" for line in lines).encode()
    return Scored(rows, rows + rows, 0, ())


@given(data=st.data())
def test_whatever_a_kill_tears_the_bytes_are_those_of_one_run(data: st.DataObject) -> None:
    """Files cut at any byte, or with rests behind them, lead to the same bytes in the end."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(run, "CHUNK_LINES", 3)
        patch.setattr(run, "score_lines", repeat_lines)
        patch.setattr(os, "fsync", lambda _: None)
        write(PACKETS)
        whole = score()
        for name in whole:
            Path(name).unlink()
        break_off(data.draw(st.integers(1, 3)))
        for name, text in read_files().items():
            kept = text[: data.draw(st.integers(0, len(text)))]
            rest = data.draw(st.sampled_from([b"", b"\0", b'{"line":', b"\n", b"[]\n"]))
            Path(name).write_bytes(data.draw(st.sampled_from([text, kept])) + rest)
        assert score() == whole


@pytest.mark.parametrize(
    "task",
    [
        TASK._replace(rubric=None),
        TASK._replace(as_of=date(2026, 12, 31)),
        TASK._replace(release="another"),
        TASK._replace(readiness=fit_readiness([0.2, 0.4, 0.6, 0.8], [0, 0, 1, 1])),
    ],
    ids=["rubric", "day", "release", "model"],
)
def test_run_that_is_asked_anything_else_begins_anew(task: Task) -> None:
    """Rows that answer another question are not gone on with."""
    write(PACKETS)
    break_off(2)
    assert count_lines(task) == 10


def test_run_with_other_packets_begins_anew() -> None:
    """A file whose beginning has changed is read from there."""
    write(PACKETS)
    break_off(2)
    write([PACKETS[9], *PACKETS[1:]])
    assert count_lines() == 10


def test_run_that_grows_other_files_begins_anew() -> None:
    """Gaps that were not asked for at first are written from the first packet on."""
    write(PACKETS)
    without = Places(PLACES.packets, PLACES.scores)
    with pytest.raises(KeyboardInterrupt):
        score_file(without, TASK, tell=cut_after(2))
    assert count_lines() == 10


def test_mended_line_is_where_a_run_goes_on() -> None:
    """After a packet that could not be scored is mended, what came before stands."""
    write([*PACKETS[:7], BROKEN, *PACKETS[8:]])
    (said, _) = list_problems(lambda: score_file(PLACES, TASK))
    assert said == "packets.jsonl:8:1: evidence: missing"
    write(PACKETS)
    assert count_lines() == 4
    resumed = read_files()
    assert score() == resumed


def test_refused_packets_are_counted_across_a_kill() -> None:
    """Collecting after a stop goes on; raising after refused packets begins anew, and raises."""
    write([*PACKETS[:4], BROKEN, *PACKETS[:4], BROKEN])
    collecting = TASK._replace(raises=False)
    whole = score_file(PLACES, collecting)
    break_off(2, collecting)
    assert score_file(PLACES, collecting) == whole
    assert (whole.packets, whole.refused, len(whole.told)) == (10, 2, 4)
    break_off(2, collecting)
    (said, _) = list_problems(lambda: score_file(PLACES, TASK))
    assert said == "packets.jsonl:5:1: evidence: missing"
    assert count_lines(collecting) == 7


def test_numbers_of_lines_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines keep their numbers after a kill, blank ones and a mark at the start counted in."""
    monkeypatch.setattr(run, "CHUNK_LINES", 1)
    write(["\ufeff", "", PACKETS[0], "", PACKETS[1], PACKETS[2]], end="\r\n")
    whole = score()
    break_off(1)
    assert score() == whole
    rows = [json.loads(line) for line in whole["scores.jsonl"].splitlines()]
    assert [row["line"] for row in rows] == [3, 5, 6]


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """Start the command in a process of its own."""
    command = [sys.executable, "-m", "pmpromo", "batch", "packets.jsonl", *arguments]
    known = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=known, stderr=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own words


def wait_for(is_there: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait until something is there, while a process runs."""
    while not is_there():
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.005)


def list_running(marker: str) -> list[int]:
    """List the processes whose environment holds a text."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            text = path.read_bytes()
        except OSError:
            continue
        if marker.encode() in text:
            found.append(int(path.parent.name))
    return found


def wait_until_gone(marker: str) -> None:
    """Wait for the end of all processes of a run: each ends with the chunk it is at."""
    for _ in range(600):
        if not list_running(marker):
            return
        sleep(0.05)
    assert list_running(marker) == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
@pytest.mark.parametrize("processes", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_kill_minus_nine(processes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real kill -9 leaves a prefix and no process behind, and the next run ends like any."""
    marker = f"batch-{processes}-{Path.cwd().name}"
    monkeypatch.setenv("PMPROMO_TEST", marker)
    write([write_packet(number) for number in range(800)])
    with start("-o", "scores.jsonl", "--processes", str(processes)) as process:
        part = Path("scores.jsonl.part")
        wait_for(lambda: part.exists() and part.stat().st_size > 0, process)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert not Path("scores.jsonl").exists()
    noted = Path("scores.jsonl.journal").read_bytes().split(b"\n")
    done = json.loads(noted[-2]) if len(noted) > 2 else {"packets": 0}
    assert done["packets"] < 800
    left = part.read_bytes()
    score_file(Places(PLACES.packets, Path("whole.jsonl")), Task("packets.jsonl"))
    assert Path("whole.jsonl").read_bytes().startswith(left[: left.rfind(b"\n") + 1])
    assert play() == 0
    assert Path("scores.jsonl").read_bytes() == Path("whole.jsonl").read_bytes()
    assert read_files().keys() == {"scores.jsonl", "whole.jsonl"}
    wait_until_gone(marker)


# --- other processes


def test_process_that_dies_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends before its time ends the run with what to do, and nobody is left."""
    hired = []
    hire = workers._hire

    def hire_and_kill(task: Task) -> Any:  # noqa: ANN401 - a process and its pipe
        worker = hire(task)
        hired.append(worker.process)
        worker.process.kill()
        return worker

    monkeypatch.setattr(workers, "_hire", hire_and_kill)
    write(PACKETS)
    assert list_problems(lambda: score_file(PLACES, TASK, processes=2)) == [
        "processes: one ended before its time; run it again to go on, with fewer if memory is short"
    ]
    assert [process.is_alive() for process in hired] == [False, False]


def test_problem_in_a_process_is_raised_here() -> None:
    """The first packet that cannot be scored stops a run of many processes, too."""
    write([*PACKETS, BROKEN, *PACKETS])
    with pytest.raises(PacketError, match=r"packets\.jsonl:11:1: evidence: missing"):
        score_file(PLACES, TASK, processes=2)
    assert active_children() == []
    assert Path("scores.jsonl.part").read_bytes().count(b"\n") == 9


def test_process_answers_until_its_pipe_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process answers lines with rows, errors with errors, and ends with its pipe."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    asked, questions = Pipe(duplex=False)
    answers, answered = Pipe(duplex=False)
    thread = threading.Thread(target=serve, args=(asked, answered, TASK.to_json()))
    thread.start()
    questions.send([Line(1, PACKETS[0])])
    assert answers.recv() == score_lines([Line(1, PACKETS[0])], TASK)
    questions.send([Line(1, BROKEN)])
    assert isinstance(answers.recv(), PacketError)
    questions.close()
    thread.join()
    for pipe in (asked, answers, answered):
        pipe.close()


def test_task_travels_as_text() -> None:
    """A task is the same after it went to another process."""
    model = fit_readiness([0.2, 0.4, 0.6, 0.8], [0, 0, 1, 1], rubric=RUBRIC)
    task = TASK._replace(readiness=model, as_of=date(2026, 7, 31))
    again = Task.from_json(task.to_json())
    assert again._replace(readiness=None) == task._replace(readiness=None)
    assert again.readiness is not None
    assert again.readiness.to_json() == model.to_json()


def test_no_more_lines_are_read_than_are_needed() -> None:
    """Chunks are taken from the file as processes become free, so memory stays flat."""
    taken: list[Chunk] = []

    def give() -> Iterator[Any]:
        for chunk in run._read_chunks(Prefix(file), 0):
            taken.append(chunk)
            yield chunk

    write(PACKETS)
    with Path("packets.jsonl").open("rb") as file:
        rows = score_apart(give(), TASK, 2)
        next(rows)
        assert len(taken) == 3
        rows.close()


# --- places


def test_files_are_not_written_over_others() -> None:
    """Packets, scores and gaps are three files, whatever they are called."""
    write(PACKETS)
    Path("link.jsonl").symlink_to("packets.jsonl")
    Path("folder.jsonl").mkdir()
    for scores, gaps in [("packets", "g"), ("link", "g"), ("s", "s"), ("folder", "g")]:
        places = Places(Path("packets.jsonl"), Path(f"{scores}.jsonl"), Path(f"{gaps}.jsonl"))
        (said,) = list_problems(lambda here=places: score_file(here, TASK))  # type: ignore[misc]
        assert said.endswith(
            "jsonl: would be written over something else; give it a name of its own"
        )
    assert Path("packets.jsonl").read_text(encoding="utf-8").splitlines() == PACKETS


def test_two_runs_do_not_write_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a run writes, another one is refused; after it, not. Some systems have no locks."""
    write(PACKETS)
    told = []

    def start_another(_done: Mark, _share: float) -> None:
        told.extend(list_problems(lambda: score_file(PLACES, TASK)))

    score_file(PLACES, TASK, tell=start_another)
    assert set(told) == {"scores.jsonl.journal: another run writes these files; wait for its end"}
    monkeypatch.setitem(sys.modules, "fcntl", None)
    assert score().keys() == {"scores.jsonl", "gaps.jsonl"}


def test_place_that_cannot_be_written_is_named() -> None:
    """A folder that is not there is a problem like any other."""
    write(PACKETS)
    places = Places(PLACES.packets, Path("none/scores.jsonl"))
    assert list_problems(lambda: score_file(places, TASK)) == [
        "none/scores.jsonl.journal: cannot be written: No such file or directory"
    ]


def test_full_disk_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk without room ends the run with its reason."""

    def fail(_prefix: Prefix, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    write(PACKETS)
    monkeypatch.setattr(Prefix, "write", fail)
    with pytest.raises(DataError, match=r"scores\.jsonl: cannot be written: No space left"):
        score_file(PLACES, TASK)


# --- the command


def play(*arguments: str) -> int:
    """Run the command."""
    return main(["batch", "packets.jsonl", "-o", "scores.jsonl", *arguments])


def test_command_scores(capsys: pytest.CaptureFixture[str]) -> None:
    """The command says how many packets were scored, and writes no line of progress to a pipe."""
    write(PACKETS)
    options = ("--as-of", "2026-07-31", "--rubric", RUBRIC.id, "--processes", "1")
    assert play("--gaps", "gaps.jsonl", *options) == 0
    assert capsys.readouterr() == ("scores.jsonl: 10 of 10 packets scored\n", "")
    files = read_files()
    assert score(TASK._replace(as_of=date(2026, 7, 31))) == files


def test_command_names_refused_packets(capsys: pytest.CaptureFixture[str]) -> None:
    """Packets that cannot be scored are named on stderr with their line, and counted; code 1."""
    write([PACKETS[0], BROKEN])
    assert play("--on-problem", "collect") == 1
    out, err = capsys.readouterr()
    assert out == "scores.jsonl: 1 of 2 packets scored\n"
    assert err.splitlines() == [
        "packets.jsonl:2:1: evidence: missing",
        "packets.jsonl:2:18: evidnce: unknown key; did you mean 'evidence'?",
    ]


def test_command_stops_at_a_problem(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a word on problems the first one ends the run, shown at its line; code 1."""
    write([*PACKETS[:3], BROKEN])
    assert play() == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("packets.jsonl:4:1: evidence: missing\n    4 | {")
    assert err.splitlines()[-1] == (
        "scores.jsonl.part holds what is done; mend it and run again to go on, or add"
        " --on-problem collect"
    )


def test_command_reads_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    """A model in a file forecasts; one of other scoring is refused before anything is read."""
    write(PACKETS)
    for name, rubric in (("mine", RUBRIC), ("other", load_rubric("pure-storage-pm/l1-l2"))):
        model = fit_readiness([0.2, 0.4, 0.6, 0.8], [0, 0, 1, 1], rubric=rubric)
        Path(f"{name}.json").write_text(model.to_json(), encoding="utf-8")
    assert play("--model", "mine.json", "--rubric", RUBRIC.id) == 0
    assert json.loads(Path("scores.jsonl").read_bytes().splitlines()[0])["n_decisions"] == 4
    Path("scores.jsonl").unlink()
    assert play("--model", "other.json", "--rubric", RUBRIC.id) == 1
    assert capsys.readouterr().err
    assert not Path("scores.jsonl.journal").exists()


def test_command_shows_progress_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal one line says how far the run is, and is gone at its end."""
    write([*PACKETS[:5], BROKEN])
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert play("--on-problem", "collect") == 1
    first, last, *_ = capsys.readouterr().err.split("\r")[1:]
    assert first.endswith("%  3 packets, 0 refused")
    assert last == "100%  6 packets, 1 refused"


def test_command_ends_with_ctrl_c(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C ends the run without a traceback, and says that it can go on; code 130."""
    write(PACKETS)
    monkeypatch.setattr("pmpromo.cli.batch._Progress.show", lambda *_: cut_after(1)(Mark(), 0))
    assert play() == 130
    assert capsys.readouterr().err == (
        "stopped; scores.jsonl.part holds what is done; run again to go on\n"
    )


@pytest.mark.parametrize("count", ["0", "-1", "two", "1000", "²"])
def test_command_wants_a_sensible_number(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A number of processes that is none is a usage error; code 2."""
    with pytest.raises(SystemExit) as stop:
        play("--processes", count)
    assert stop.value.code == 2
    assert "a whole number from 1 to 256 is wanted" in capsys.readouterr().err
