# %% [markdown]
# # Honest readiness: from past decisions to a forecast that admits its doubt
#
# `decisions/` holds 500 decisions of a committee that a program made up (`decisions/README.md`).
# Nobody is behind any row. Its use: the truth is known, so that one can see whether the model
# tells it.

# %%
from __future__ import annotations

from contextlib import chdir, redirect_stdout
from io import StringIO
from math import ceil, floor
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill, wrap

import numpy as np
import pandas as pd

from pmpromo import (
    ReadinessModel,
    assess,
    fit_readiness,
    load_packet,
    load_rubric,
    measure_reliability,
    read_evidence,
    score_frame,
    score_ratings,
)
from pmpromo.cli import main

HERE = Path(__file__).parent if "__file__" in globals() else Path.cwd()
RUBRIC = load_rubric("pure-storage-pm/l3-l4")


def read(name: str) -> pd.DataFrame:
    """Return a file of the synthetic committee."""
    return pd.read_csv(HERE / "decisions" / f"{name}.csv")


def say(title: str) -> None:
    """Print the head of a section."""
    print(f"\n{title}\n{'-' * len(title)}")


def name_ends(low: float, high: float) -> str:
    """Return an interval in percent, its ends rounded outward."""
    return f"{floor(low * 1000) / 10} to {ceil(high * 1000) / 10} %"


decisions, cycle, truth = read("decisions"), read("cycle"), read("truth")

# %% [markdown]
# ## How many decisions does it take?
#
# We fit on the first 20, 100 and 500. The scores of the current candidates come along as
# `reference`: where scores lie is worth knowing, and nobody needs to have decided on them.

# %%
say("The interval narrows as decisions come in (synthetic)")
SCORES = [0.3, 0.5, 0.7]
COVERAGE = 0.9
on_grid = truth[truth.score.between(0.05, 0.80)]  # where the scores of this history lie


def fit_first(n: int) -> ReadinessModel:
    """Return the model of the first n decisions."""
    first = decisions.head(n)
    return fit_readiness(first.proven, first.promoted, rubric=RUBRIC, reference=cycle.proven)


def share_inside(model: ReadinessModel) -> float:
    """Return the share of scores at which the interval holds the truth."""
    told = model.predict(on_grid.score)
    return float(np.mean((told.low <= on_grid.probability) & (on_grid.probability <= told.high)))


def print_row(name: object, cells: list[str], last: str = "") -> None:
    """Print a row of a table."""
    print(f"{name!s:>9}{''.join(f'{cell:>18}' for cell in cells)}{last:>15}".rstrip())


print_row("decisions", [f"score {score}" for score in SCORES], "truth inside")
models = {n: fit_first(n) for n in (20, 100, 500)}
widths = []
for n, model in models.items():
    told = model.predict(SCORES)
    ends = [name_ends(low, high) for low, high in zip(told.low, told.high, strict=True)]
    print_row(n, ends, f"{share_inside(model):.0%}")
    widths.append(told.high - told.low)
    assert share_inside(model) >= COVERAGE
print_row("truth", [f"{p:.1%}" for p in truth.set_index("score").probability[SCORES]])
assert (np.diff(widths, axis=0) < 0).all()
print("""
Each interval is meant to hold the truth nine times in ten. The last column
counts over the scores from .05 to .80; those of one curve are right, or wrong,
together.""")

# %% [markdown]
# ## Can the forecasts be trusted?
#
# `model.reliability` is cross-validated: each decision is forecast by a model that has not seen it.
# Read a proper score first (log loss, and its skill against a constant rate), then calibration.

# %%
say("Reliability of the model of 500 decisions, cross-validated (synthetic)")
SOUND = (0.8, 1.25)
model = models[500]
found = model.reliability
assert found is not None
print(f"log loss {found.log_loss:.3f} nat, {found.log_skill:.0%} better than a constant rate")
print(f"Brier score {found.brier:.3f}, {found.brier_skill:.0%} better")
print(f"calibration slope {found.slope:.2f} (1 is sound), intercept {found.intercept:+.2f} (0 is)")
print(f"evidence that scores predict decisions: {model.log_bayes_factor:.0f} nat")
assert found.slope is not None
assert SOUND[0] < found.slope < SOUND[1]

# %%
WIDTH = 41


def draw_band(low: float, happened: float, high: float) -> str:
    """Return a band of dots from low to high, with an o at what happened."""
    first, mark, last = (round(x * (WIDTH - 1)) for x in (low, happened, high))
    line = [" "] * first + ["."] * (last - first + 1) + [" "] * (WIDTH - 1 - last)
    line[mark] = "o"
    return "".join(line)


diagram = found.diagram
rows = list(zip(diagram.forecast, diagram.low, diagram.frequency, diagram.high, strict=True))
tenths = [min(rows, key=lambda row: abs(row[0] - level)) for level in np.arange(0.1, 1, 0.1)]
print("\nOf those forecast at ..., so many were promoted (CORP reliability diagram):")
for forecast, low, happened, high in tenths:
    print(f"  {forecast:4.0%} |{draw_band(low, happened, high)}| {happened:4.0%}")
print(f"        0%{'100%':>{WIDTH - 2}}")
n_inside = sum(low <= happened <= high for _, low, happened, high in tenths)
print("  o what happened   ... 90 % of what chance would show, were the forecast right")
print(f"  {n_inside} of {len(tenths)} points lie inside.")
assert n_inside >= len(tenths) - 2

# %% [markdown]
# The truth is known here, so a second question can be asked: how far are the forecasts from it?

# %%
NEAR = 0.02
exact = np.interp(decisions.proven, truth.score, truth.probability)
best = measure_reliability(exact, decisions.promoted)
print(
    f"\nThe truth itself has a log loss of {best.log_loss:.3f}; in the long run nothing has less."
)
assert best.log_loss < found.log_loss < best.log_loss + NEAR

# %% [markdown]
# ## Scores of packets, or what raters said?
#
# For a fifth of the packets the ratings were kept. `score_ratings` turns them into scores by the
# rubric's weights. Both histories hold the same decisions, so that they can be compared.

# %%
say("Which scores tell more of the decision? (synthetic)")
ratings = read("ratings")
by_raters = score_ratings(ratings, RUBRIC)
rated = decisions.set_index("packet_id").loc[list(by_raters.packet_ids or ())]
fitted = {
    "proven": fit_readiness(rated.proven, rated.promoted, rubric=RUBRIC),
    "ratings": fit_readiness(by_raters, rated.promoted, rubric=RUBRIC),
}
print(f"{'source':8}{'decisions':>10}{'log skill':>11}{'evidence, nat':>15}")
for source, one in fitted.items():
    assert one.score_source == source
    assert one.reliability is not None
    skill = f"{one.reliability.log_skill:.0%}"
    print(f"{source:8}{one.n_decisions:10}{skill:>11}{one.log_bayes_factor:15.1f}")
assert fitted["proven"].log_bayes_factor > fitted["ratings"].log_bayes_factor > 0
print("This committee decides on packets, because it was made so. Ask yours.")

# %% [markdown]
# Where the packets themselves were kept, they can be scored again, each at its own day.

# %%
evidence = read_evidence(HERE / "decisions" / "evidence.csv")
scored = score_frame(evidence.drop(columns="promoted"), RUBRIC, as_of="decided_on")
kept = decisions.set_index("packet_id").proven[scored.scores.packet_id]
assert len(scored.problems) == 0
assert scored.scores.proven.round(4).tolist() == kept.tolist()
print(f"\n{len(evidence)} facts of the last {len(kept)} packets come to the totals of the history.")

# %% [markdown]
# ## Has the committee changed?
#
# `watch` reads new decisions one after the other, and may be looked at after each. It alarms once
# the evidence for a change is 20 to 1. A model that was alarmed gives no verdicts any more.

# %%
say("Watching the committee (synthetic)")
changed = read("changed")
older = fit_first(400)
calm = older.watch(decisions.proven.tail(100), decisions.promoted.tail(100))
drift = older.watch(changed.proven, changed.promoted)
print("model of the first 400 decisions")
print(f"  the same committee, next 100: largest evidence {max(calm.evalues):.1f} to 1, no alarm")
assert not calm.alarm
assert drift.first_alarm is not None
on = changed.decided_on[drift.first_alarm]
print(f"  the stricter committee:       alarm at decision {drift.first_alarm + 1}, on {on}")

silent = older.note_drift(drift)
print(f"\n{'score':>5}  {'verdict before':<15}after the alarm")
for score in SCORES:
    print(f"{score:5}  {older.judge_one(score):<15}{silent.judge_one(score)}")
assert silent.judge(SCORES) == ["cannot_tell"] * 3

# %% [markdown]
# ## Keep it, and use it
#
# A saved model is JSON: curves and counts, no decision of a person. It is bound to the scoring of
# its rubric, and is refused on another.

# %%
say("Saved, loaded, and used on a packet (synthetic)")
with TemporaryDirectory() as folder:
    file = Path(folder) / "model.json"
    file.write_text(model.to_json(), encoding="utf-8")
    loaded = ReadinessModel.from_json(file.read_text(encoding="utf-8"))
assert loaded == model
print(f"{len(model.to_json()):,} characters; what is loaded is the same, bit for bit.\n")

seen = assess(load_packet(HERE / "packets" / "spm-b.yaml"), readiness=loaded)
print(f"{seen.packet_id}: proven {seen.proven:.2f}, possible {seen.possible:.2f}")
print(f"rubric bar {seen.bar}: {'met' if seen.met else 'not met'}")
readiness = seen.readiness
assert readiness.if_documented is not None
_, lowest, highest = readiness.if_documented
print(f"committee forecast: {readiness.verdict}")
print(f"  as it stands              {name_ends(readiness.low, readiness.high)}")
print(f"  with all unknowns at best {name_ends(lowest, highest)}")
print(fill(" ".join(readiness.notes), 78, initial_indent="  ", subsequent_indent="  "))
assert (readiness.basis, readiness.n_decisions) == ("fitted", 500)

# %% [markdown]
# ## The same at the terminal
#
# Three commands do the same without Python, and `fit` writes the same model.

# %%
say("The same at the terminal (synthetic)")


def run(*words: str) -> list[str]:
    """Run a command, show it, and return what it prints."""
    shown = " ".join(("$ pmpromo", *words)).replace(f"{folder}/", "")
    print(*wrap(shown, 78, subsequent_indent="    ", break_on_hyphens=False), sep=" \\\n")
    with redirect_stdout(StringIO()) as printed:
        assert main(words) == 0
    return printed.getvalue().splitlines()


with TemporaryDirectory() as folder, chdir(HERE):
    here, file = "decisions/", f"{folder}/model.json"
    bound = ("--rubric", RUBRIC.id)
    run("fit", f"{here}decisions.csv", *bound, "--reference", f"{here}cycle.csv", "-o", file)
    assert ReadinessModel.from_json(Path(file).read_text(encoding="utf-8")) == model
    report = run("score", "packets/spm-b.yaml", "--model", file)
    print(*report[-3:], sep="\n")
    measured = run("reliability", file, f"{here}changed.csv", *bound)
    print(*measured[-2:], sep="\n")
