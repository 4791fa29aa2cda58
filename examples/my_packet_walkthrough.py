# %% [markdown]
# # My packet: how ready am I, and what exactly is missing?
#
# You are a Senior Product Manager and your packet is half written. This takes it from a first
# reading to a list of things to do, and shows what one of them brings. The packet is an example;
# nobody is behind it.

# %%
from pathlib import Path

from pmpromo import assess, load_packet, load_rubric, parse_packet

HERE = Path(__file__).parent if "__file__" in globals() else Path.cwd()
packet = load_packet(HERE / "packets" / "spm-a.yaml")
seen = assess(packet)
print(seen)

# %% [markdown]
# Read the first line first: is the bar met, and between which ends does the score lie? *Proven*
# counts what the packet shows. *Possible* is where it could end if every fact it leaves open came
# out at its best. Nothing of this is a decision.
#
# ## What is missing on paper, and what is missing in the work
#
# A *documentation* gap closes by writing something down. A *substance* gap takes new work.

# %%
for nature in ("documentation", "substance", "absent"):
    gaps = [gap for gap in seen.gaps if gap.nature == nature and gap.gain > 0]
    print(f"\n{nature}: {len(gaps)} gaps that would each move the total")
    for gap in gaps[:3]:
        print(f"  {gap.gain:+.3f}  {gap.criterion}: {gap.remedy}")

# %% [markdown]
# ## Close one and see
#
# The figure for the margin has no status. Finance has closed the year since, so it is realised. We
# write that into the packet and read it again. The gain that the report named is what comes out.

# %%
content = packet.model_dump(mode="json")
margin = next(
    fact
    for item in content["evidence"]
    for fact in item["facts"]
    if fact.get("metric") == "operating_margin"
)
margin["status"] = "realised"
after = assess(parse_packet(content))

named = next(gap for gap in seen.gaps if gap.requirement == "operating_margin")
print(f"proven: {seen.proven:.3f} before, {after.proven:.3f} after")
print(f"named gain: {named.gain:+.3f}, real gain: {after.proven - seen.proven:+.3f}")
assert after.proven - seen.proven == named.gain

# %% [markdown]
# ## Which criteria moved

# %%
before_and_after = zip(seen.criteria, after.criteria, strict=True)
for old, new in before_and_after:
    mark = "->" if old.status != new.status or old.proven != new.proven else "  "
    print(f"{old.name:<26} {old.proven:.2f} {old.status:<18} {mark} {new.proven:.2f} {new.status}")

# %% [markdown]
# ## How far is the step after this one?
#
# The same facts can be read against another step of the ladder. What makes a strong packet for one
# step counts little for the next.

# %%
further = assess(packet, load_rubric("pure-storage-pm/l4-l5"))
print(f"L3 to L4: proven {seen.proven:.2f}; L4 to L5: proven {further.proven:.2f}")
assert further.proven < seen.proven

# %% [markdown]
# ## What no score hears of

# %%
for check in after.checks:
    print(f"{check.id}: {check.message}")
print(*after.notes[:2], sep="\n")
