"""The synthetic committee is what its simulation writes, and shows what its walkthrough says."""

from __future__ import annotations

import csv
import importlib.util
import re
import runpy
import sys
from collections import defaultdict
from contextlib import redirect_stdout
from io import StringIO
from itertools import pairwise
from math import sqrt
from pathlib import Path
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from pmpromo import ReadinessModel, assess, fit_readiness, load_rubric, score_frame

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
FOLDER: Final = EXAMPLES / "decisions"
RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")
NAMES: Final = ("changed", "cycle", "decisions", "evidence", "ratings", "truth")
SCORES: Final = (0.3, 0.5, 0.7)


def load_simulation(seed: int | None = None) -> ModuleType:
    """Return the simulation, with nothing drawn yet."""
    spec = importlib.util.spec_from_file_location("simulate", FOLDER / "simulate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["simulate"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    if seed is not None:
        module.SEED = seed  # type: ignore[attr-defined]
    return module


@pytest.fixture(scope="module")
def simulation() -> ModuleType:
    """Return the simulation, drawn once for all tests here."""
    return load_simulation()


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of a file."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pick(rows: list[dict[str, str]], column: str) -> list[float]:
    """Return a column of numbers."""
    return [float(row[column]) for row in rows]


def fit_first(n: int) -> ReadinessModel:
    """Return the model of the first n decisions, the current cycle beside them."""
    rows = read("decisions")[:n]
    reference = pick(read("cycle"), "proven")
    return fit_readiness(pick(rows, "proven"), pick(rows, "promoted"), reference=reference)


def measure_excess(rows: list[dict[str, str]], shift: float) -> float:
    """Return how many standard errors more were promoted than the documented truth expects."""
    truth = 0.03 + 0.9 * expit(14 * (np.array(pick(rows, "proven")) - 0.5))
    p = expit(logit(truth) + shift)
    return float((np.array(pick(rows, "promoted")) - p).sum() / sqrt((p * (1 - p)).sum()))


# --- the files


def test_files_are_what_the_simulation_writes(simulation: ModuleType, tmp_path: Path) -> None:
    """One command writes every file anew, byte for byte."""
    simulation.write_files(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {path.name: path.read_bytes() for path in FOLDER.glob("*.csv")}
    assert sorted(written) == [f"{name}.csv" for name in NAMES]


def test_the_folder_is_small() -> None:
    """All files together stay below a megabyte and a half."""
    assert sum(path.stat().st_size for path in FOLDER.glob("*.*")) < 1_500_000


def test_the_readme_describes_what_is_there() -> None:
    """README names every file of the folder, its links lead somewhere, and its counts are right."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    links = set(re.findall(r"\]\(([^)]+)\)", text))
    assert {f"{name}.csv" for name in NAMES} | {"simulate.py"} <= links
    assert all((FOLDER / link).exists() for link in links)
    assert "**Everything here is synthetic.**" in text
    assert f"| {len(read('decisions'))} decisions of ten cycles" in text
    assert f"| {len(read('cycle'))} packets of the next cycle" in text
    assert f"| {len(read('changed'))} decisions of two later cycles" in text


@pytest.mark.parametrize("name", NAMES)
def test_every_row_says_that_it_is_synthetic(name: str) -> None:
    """Whoever sees one row, cut out of its file, sees that nobody is behind it."""
    lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    assert all("synthetic" in line for line in lines[1:])


@pytest.mark.parametrize(("name", "n"), [("decisions", 500), ("changed", 100)])
def test_decisions_stand_in_order_of_time(name: str, n: int) -> None:
    """A decision has a packet of its own, a day no earlier than the last, a share, and 0 or 1."""
    rows = read(name)
    assert list(rows[0]) == ["packet_id", "transition", "decided_on", "proven", "promoted"]
    assert len({row["packet_id"] for row in rows}) == len(rows) == n
    assert all(a["decided_on"] <= b["decided_on"] for a, b in pairwise(rows))
    assert all(0 <= score <= 1 for score in pick(rows, "proven"))
    assert {row["promoted"] for row in rows} == {"0", "1"}


def test_no_packet_stands_in_two_histories() -> None:
    """History, current cycle and later cycles follow each other, each with packets of its own."""
    packets = [row["packet_id"] for name in ("decisions", "cycle", "changed") for row in read(name)]
    assert packets == sorted(set(packets))
    assert read("decisions")[-1]["decided_on"] < read("changed")[0]["decided_on"]


def test_the_truth_is_the_documented_one(simulation: ModuleType) -> None:
    """P(promoted | score) is .03 + .90 sigmoid(14 (score - .5)), to six decimals."""
    rows = read("truth")
    expected = 0.03 + 0.9 * expit(14 * (np.array(pick(rows, "score")) - 0.5))
    assert np.allclose(pick(rows, "probability"), expected, rtol=0, atol=5.1e-7)
    assert simulation.compute_probability(0.5) == 0.48
    stricter = simulation.compute_probability(0.5, -1.0)
    assert stricter == pytest.approx(expit(logit(0.48) - 1), abs=5.1e-7)


def test_decisions_follow_the_truth() -> None:
    """The committee decides by its truth, and the later one by a truth of one logit less."""
    assert abs(measure_excess(read("decisions"), 0)) < 2.5
    assert abs(measure_excess(read("changed"), -1)) < 2.5
    assert measure_excess(read("changed"), 0) < -2.5


def test_packets_are_scored_on_the_day_of_their_decision(simulation: ModuleType) -> None:
    """The proven total in a file is what `assess` finds, at that day and at no other."""
    for row in read("decisions")[:20]:
        packet = simulation.build_packet(int(row["packet_id"].rpartition("-")[2]) - 1)
        seen = assess(packet, RUBRIC)
        assert (seen.packet_id, str(seen.as_of)) == (row["packet_id"], row["decided_on"])
        assert f"{seen.proven:.4f}" == row["proven"]


def test_packets_lack_some_facts_as_real_ones_do(simulation: ModuleType) -> None:
    """Most packets could score more if what is missing were written down; none is without work."""
    seen = [assess(simulation.build_packet(number), RUBRIC) for number in range(100)]
    assert sum(each.possible > each.proven for each in seen) > 80
    assert all(each.possible > 0 for each in seen)


def test_evidence_comes_to_the_scores_of_the_history() -> None:
    """Scored row by row, each packet at its own day, evidence gives what the decisions file has."""
    evidence = pd.read_csv(FOLDER / "evidence.csv")
    scored = score_frame(evidence.drop(columns="promoted"), RUBRIC, as_of="decided_on")
    totals = dict(zip(scored.scores["packet_id"], scored.scores["proven"], strict=True))
    history = {row["packet_id"]: row["proven"] for row in read("decisions")[-40:]}
    assert {packet: f"{total:.4f}" for packet, total in totals.items()} == history
    assert len(scored.problems) == 0


def test_evidence_carries_the_decisions_of_its_packets() -> None:
    """Step, day and outcome beside a fact are those of the packet in the history."""
    names = ("packet_id", "transition", "decided_on", "promoted")
    decided = {tuple(row[name] for name in names) for row in read("decisions")[-40:]}
    assert {tuple(row[name] for name in names) for row in read("evidence")} == decided


def test_evidence_lacks_some_facts_as_real_evidence_does() -> None:
    """Figures, points, parts and days are missing in some rows, and stated in most."""
    rows = read("evidence")
    figures = [row for row in rows if row["unit"] or row["status"]]
    for column, among in (("value", figures), ("ownership", rows), ("ended", rows)):
        missing = sum(not row[column] for row in among) / len(among)
        assert 0.01 < missing < 0.3, column


def test_ratings_are_those_of_a_linked_committee() -> None:
    """Each of 100 packets is read on each criterion by three raters, and all raters are linked."""
    panels: dict[str, set[str]] = defaultdict(set)
    rows = read("ratings")
    for row in rows:
        panels[row["packet_id"]].add(row["rater_id"])
    assert len(rows) == 100 * 7 * 3
    assert len(panels) == 100
    assert {len(panel) for panel in panels.values()} == {3}
    linked = next(iter(panels.values()))
    for _ in range(6):
        linked = linked.union(*(panel for panel in panels.values() if panel & linked))
    assert linked == {f"synthetic-rater-{k}" for k in range(1, 7)}
    assert {row["rating"] for row in rows} <= set("01234")


def test_ratings_carry_the_decisions_of_their_packets() -> None:
    """Day and outcome beside a rating are those of the packet in the history."""
    of = {row["packet_id"]: (row["decided_on"], row["promoted"]) for row in read("decisions")}
    assert all(
        of[row["packet_id"]] == (row["decided_on"], row["promoted"]) for row in read("ratings")
    )


def test_stricter_raters_rate_lower() -> None:
    """Raters are numbered from the most lenient to the strictest, and their means fall so."""
    given: dict[str, list[float]] = defaultdict(list)
    for row in read("ratings"):
        given[row["rater_id"]].append(float(row["rating"]))
    means = [fmean(given[name]) for name in sorted(given)]
    assert means == sorted(means, reverse=True)
    assert means[0] - means[-1] > 0.5


def test_chance_is_even_and_normal(simulation: ModuleType) -> None:
    """Shares are uniform, normal numbers standard, and a name always gives the same number."""
    shares = [simulation.draw_share("test", i) for i in range(4000)]
    assert fmean(shares) == pytest.approx(1 / 2, abs=0.02)
    assert pstdev(shares) == pytest.approx(sqrt(1 / 12), abs=0.01)
    normal = [simulation.draw_normal("test", i) for i in range(4000)]
    assert fmean(normal) == pytest.approx(0, abs=0.05)
    assert pstdev(normal) == pytest.approx(1, abs=0.04)
    assert simulation.draw_share("test", 7) == shares[7]
    assert simulation.draw_share("test", 8) != shares[7]


# --- what can be seen in them


def test_the_interval_narrows_and_holds_the_truth() -> None:
    """From 20 to 500 decisions it narrows at each score, and holds the truth at 90 % of scores."""
    truth = [row for row in read("truth") if 0.05 <= float(row["score"]) <= 0.80]
    grid, p = pick(truth, "score"), np.array(pick(truth, "probability"))
    widths = []
    for n in (20, 100, 500):
        model = fit_first(n)
        told, everywhere = model.predict(SCORES), model.predict(grid)
        widths.append(told.high - told.low)
        assert np.mean((everywhere.low <= p) & (p <= everywhere.high)) >= 0.9
    assert (np.diff(widths, axis=0) < 0).all()


def test_the_alarm_rings_for_the_changed_committee_alone() -> None:
    """A model of 400 decisions is calm about the next 100, alarmed by the stricter committee."""
    model, rows, later = fit_first(400), read("decisions")[400:], read("changed")
    assert not model.watch(pick(rows, "proven"), pick(rows, "promoted")).alarm
    drift = model.watch(pick(later, "proven"), pick(later, "promoted"))
    assert drift.alarm
    assert "cannot_tell" not in model.judge(SCORES)
    assert model.note_drift(drift).judge(SCORES) == ["cannot_tell"] * 3


# --- the walkthrough


@pytest.fixture(scope="module")
def walked() -> tuple[dict[str, Any], str]:
    """Return what the walkthrough leaves behind, and what it prints."""
    with redirect_stdout(StringIO()) as printed:
        left = runpy.run_path(str(EXAMPLES / "readiness_walkthrough.py"))
    return left, printed.getvalue()


def test_the_walkthrough_runs_and_fits_a_terminal(walked: tuple[dict[str, Any], str]) -> None:
    """It runs as a script, in lines of at most 80 columns, and says synthetic in each section."""
    _, printed = walked
    assert max(map(len, printed.splitlines())) <= 80
    heads = [a for a, b in pairwise(printed.splitlines()) if b and set(b) == {"-"}]
    assert len(heads) == 6
    assert printed.count("(synthetic)") == 6


def test_the_walkthrough_prints_what_it_found(walked: tuple[dict[str, Any], str]) -> None:
    """The figures in its text are those of models fitted here, and not others."""
    left, printed = walked
    rows = printed.splitlines()
    model = fit_first(500)
    assert left["models"][500].predict(SCORES).low.tolist() == model.predict(SCORES).low.tolist()
    assert model.reliability is not None
    assert f"log loss {model.reliability.log_loss:.3f} nat" in printed
    assert f"calibration slope {model.reliability.slope:.2f}" in printed
    later = read("changed")
    drift = fit_first(400).watch(pick(later, "proven"), pick(later, "promoted"))
    assert drift.first_alarm is not None
    on = later[drift.first_alarm]["decided_on"]
    assert f"alarm at decision {drift.first_alarm + 1}, on {on}" in printed
    verdicts = [row.split()[1:] for row in rows if row.endswith(" cannot_tell")]
    assert verdicts == [[word, "cannot_tell"] for word in ("unlikely", "borderline", "likely")]


def test_the_walkthrough_saves_what_it_loads(walked: tuple[dict[str, Any], str]) -> None:
    """The model that assesses the packet came back from its file, with 500 decisions behind it."""
    left, printed = walked
    assert left["loaded"] == left["model"]
    assert left["loaded"] is not left["model"]
    assert "From 500 decisions" in printed
    assert printed.count("$ pmpromo") == 3
    assert printed.rstrip().endswith("fit the model again, on newer decisions.")


def find_truth(made: ModuleType) -> tuple[list[float], FloatArray]:
    """Return a grid of scores that occur, and the truth at each."""
    grid = [k / 100 for k in range(5, 81)]
    return grid, np.array([made.compute_probability(score) for score in grid])


@pytest.mark.slow
def test_what_was_chosen_is_told() -> None:
    """Over seeds 1 to 20, half of the changes are found, none is invented, all intervals narrow."""
    alarms, false, narrower, inside = 0, 0, 0, []
    for seed in range(1, 21):
        made = load_simulation(seed)
        scores = [made.score_packet(number) for number in range(650)]
        decided = [made.decide(number) for number in range(650)]
        few, most, many = (
            fit_readiness(scores[:n], decided[:n], reference=scores[500:540])
            for n in (20, 400, 500)
        )
        alarms += most.watch(scores[550:], decided[550:]).alarm
        false += most.watch(scores[400:500], decided[400:500]).alarm
        early, late = few.predict(SCORES), many.predict(SCORES)
        narrower += bool((late.high - late.low < early.high - early.low).all())
        grid, truth = find_truth(made)
        told = many.predict(grid)
        inside.append(np.mean((told.low <= truth) & (truth <= told.high)))
    assert (false, narrower) == (0, 20)
    assert 6 <= alarms <= 14
    assert 0.85 <= np.mean(inside) <= 0.98
