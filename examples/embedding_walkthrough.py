# %% [markdown]
# # Embedding: JSON in, JSON out
#
# You put pmpromo behind a service of your own. It keeps no state, reads no clock and opens no
# connection, so one function is all there is to write. Here it is, and here is what it promises.

# %%
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from sqlite3 import connect

from pmpromo import Assessment, assess, iter_packets, load_packet, load_rubric, parse_packet
from pmpromo.errors import PmpromoError

HERE = Path(__file__).parent if "__file__" in globals() else Path.cwd()
RUBRIC = load_rubric("pure-storage-pm/l3-l4")


def answer(body: bytes) -> tuple[int, str]:
    """Return the status and the body of an answer; no answer repeats what it was sent."""
    try:
        return 200, assess(parse_packet(body), RUBRIC).model_dump_json()
    except PmpromoError as error:
        return 422, json.dumps([asdict(problem) for problem in error.problems])


# %% [markdown]
# ## Good input, and bad

# %%
body = load_packet(HERE / "packets" / "spm-b.yaml").model_dump_json().encode()
status, text = answer(body)
result = Assessment.from_json(text)
print(status, result.packet_id, f"proven {result.proven:.3f}, possible {result.possible:.3f}")

status, text = answer(body.replace(b'"ownership":"led"', b'"ownership":"lead"'))
for problem in json.loads(text)[:2]:
    print(status, problem["path"], "-", problem["message"], "-", problem["hint"])

# %% [markdown]
# ## The same input, the same bytes
#
# Eight threads, a hundred requests: one answer. `result_id` is the digest of everything else in it,
# so two results with one id are one result, and a text that was changed is refused.

# %%
with ThreadPoolExecutor(8) as pool:
    answers = set(pool.map(answer, [body] * 100))
print(f"{len(answers)} answer to 100 requests")
assert len(answers) == 1

changed = result.model_dump()
changed["proven"] = 1.0
try:
    Assessment.from_json(json.dumps(changed))
except PmpromoError as error:
    print(error)

# %% [markdown]
# ## What a result came from
#
# Store the three digests with it, and anyone can find out later which packet, which rubric and
# which scoring gave it. The scoring digest stays when a wording in the rubric is mended.

# %%
for name in ("packet_digest", "rubric_digest", "scoring_digest", "result_id"):
    print(f"{name:<15}", getattr(result, name)[:23], "...")

store = connect(":memory:")
store.execute("create table results (id text primary key, packet text, proven real, body text)")
row = (result.result_id, result.packet_id, result.proven, result.model_dump_json())
for _ in range(2):  # sent twice, stored once
    store.execute("insert or ignore into results values (?, ?, ?, ?)", row)
print(store.execute("select count(*), round(max(proven), 3) from results").fetchone())
store.close()

# %% [markdown]
# ## Many packets
#
# JSON Lines are read one packet at a time, in the memory of one. A line that is no packet is named
# and left out.

# %%
lines = [body, b'{"id": "broken", "evidence": 3}', body.replace(b"spm-b-2026h1", b"spm-b-copy")]
stream = iter_packets(lines, on_problem="collect")
for packet in stream:
    print(packet.id, round(assess(packet, RUBRIC).proven, 3))
print(f"refused: {stream.refused}; {stream.problems[0]}")
