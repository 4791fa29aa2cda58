# %% [markdown]
# # A cycle: many packets, one table, and what a committee might do
#
# You are in People Analytics and the packets of a cycle came out of your HR system as one table, a
# row a fact. Everything here is synthetic (`decisions/README.md`); nobody is behind any row.

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from pmpromo import fit_readiness, load_rubric, read_evidence, score_frame, write_table
from pmpromo.gallery import draw_cohort, draw_readiness

HERE = Path(__file__).parent if "__file__" in globals() else Path.cwd()
RUBRIC = load_rubric("pure-storage-pm/l3-l4")

table = read_evidence(HERE / "decisions" / "evidence.csv")
evidence = table.drop(columns="promoted")
print(f"{len(evidence)} facts of {evidence.packet_id.nunique()} packets")

# %% [markdown]
# ## Score all of them
#
# Each packet is read as of its own day. A bad cell never stops the others: its packet is named in
# `problems`, and not scored.

# %%
broken = evidence.copy()
broken.loc[broken.index[0], "ownership"] = "owner"
scored = score_frame(broken, RUBRIC, as_of="decided_on")
print(scored)
print()
print(scored.problems[["column", "found", "message"]].to_string(index=False))

# %% [markdown]
# Mended, all forty are scored. The numbers are those of `assess` on each packet, to the last bit.

# %%
scored = score_frame(evidence, RUBRIC, as_of="decided_on")
assert len(scored.problems) == 0
print(scored.scores[["proven", "possible"]].describe().loc[["min", "50%", "max"]].round(2))

# %% [markdown]
# ## Look at the cohort
#
# One stripe a packet, in the order of the table. Nobody is ranked.

# %%
draw_cohort(scored.criteria, title="Synthetic cycle, L3 to L4")

# %% [markdown]
# Where does the cycle as a whole fall short, and is it paper or work that is missing?

# %%
statuses = pd.crosstab(scored.criteria["criterion"], scored.criteria["status"])
print(statuses.to_string())

gaps = scored.gaps
largest = gaps[gaps["gain"] > 0].groupby(["requirement", "nature"]).size()
print(largest.sort_values(ascending=False, kind="stable").head(5).to_string())

# %% [markdown]
# ## What might a committee do?
#
# That takes decisions of the past: here 460, all before these forty. The forecast is one about a
# committee, with its interval and the number of decisions behind it. It is no score of a person.

# %%
history = pd.read_csv(HERE / "decisions" / "decisions.csv")
before = history[~history.packet_id.isin(scored.scores["packet_id"])]
model = fit_readiness(before["proven"], before["promoted"], rubric=RUBRIC)
scored = score_frame(evidence, RUBRIC, as_of="decided_on", readiness=model)
shown = ["packet_id", "proven", "met", "probability", "low", "high", "verdict", "n_decisions"]
print(scored.scores[shown].head(5).round(2).to_string(index=False))

# %%
draw_readiness(model)

# %% [markdown]
# These forty were decided on since. Were the forecasts right? Of those called likely, most were
# promoted; of those called unlikely, few.

# %%
promoted = table.groupby("packet_id")["promoted"].first().astype(int)
outcome = scored.scores.set_index("packet_id").join(promoted)
called = outcome.groupby("verdict")["promoted"].agg(["size", "mean"]).round(2)
print(called.to_string())

# %% [markdown]
# ## Hand it on
#
# Tables for a spreadsheet: text stays text there, and no cell is a formula.

# %%
with TemporaryDirectory() as folder:
    write_table(scored.scores, Path(folder) / "scores.csv")
    print((Path(folder) / "scores.csv").read_text(encoding="utf-8-sig").splitlines()[0])
