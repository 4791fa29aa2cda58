"""One rubric, model and record, shared by many threads and processes: the same bits, none lost."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING, Final

import pytest
from documents import AT, GOLDEN, STEP

from pmpromo import (
    ReadinessModel,
    Rubric,
    assess,
    explain,
    find_path,
    load_packet,
    load_rubric,
    parse_rubric,
)
from pmpromo.audit import Decision, Record
from pmpromo.recording import Recorder, Sources, replay_record

if TYPE_CHECKING:
    from collections.abc import Iterator

THREADS: Final = 8
PACKETS: Final = ("spm-a", "spm-b", "strong-l3-l4", "weak-l3-l4")
EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "packets"


def load_fresh() -> tuple[Rubric, ReadinessModel]:
    """A rubric and a model that nobody has used: nothing in them is worked out yet."""
    rubric = parse_rubric(load_rubric(STEP).model_dump(mode="json"))
    return rubric, ReadinessModel.from_json((GOLDEN / "model-1.json").read_bytes())


def do_everything(rubric: Rubric, model: ReadinessModel) -> str:
    """The digest of all that is said of two packets."""
    told = hashlib.sha256()
    for name in PACKETS[:2]:
        packet = load_packet(EXAMPLES / f"{name}.yaml")
        seen = assess(packet, rubric, readiness=model)
        told.update(seen.model_dump_json().encode())
        told.update(str(explain(seen)).encode())
        told.update(seen.to_html().encode())
    packet = load_packet(EXAMPLES / "spm-b.yaml")
    told.update(find_path(packet, rubric).model_dump_json().encode())
    return told.hexdigest()


def wait_and_do(start: Barrier, rubric: Rubric, model: ReadinessModel) -> str:
    """Do everything, once all threads are there."""
    start.wait()
    return do_everything(rubric, model)


@pytest.mark.parametrize("rounds", [1, pytest.param(30, marks=pytest.mark.slow)])
def test_threads_share_a_rubric_and_a_model(rounds: int) -> None:
    """Eight threads that use one fresh rubric and model at once say what one thread says."""
    alone = do_everything(*load_fresh())
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for _ in range(rounds):
            shared, start = load_fresh(), Barrier(THREADS)
            with ThreadPoolExecutor(THREADS) as pool:
                waiting = [pool.submit(wait_and_do, start, *shared) for _ in range(THREADS)]
                assert {each.result() for each in waiting} == {alone}
    finally:
        sys.setswitchinterval(interval)


def record_from(path: str, names: tuple[str, ...], place: int) -> tuple[str, list[int]]:
    """In a process of its own: assess, and write to the shared record from two threads."""
    rubric, model = load_fresh()
    record = Record(path)

    def write(half: int) -> Iterator[int]:
        recorder = Recorder(record)
        for name in names[half::2]:
            packet = load_packet(EXAMPLES / f"{name}.yaml")
            seen = assess(packet, rubric, readiness=model)
            yield recorder.add(seen, Sources(packet, rubric, model), at=AT).seq
            noun = Decision(candidate=f"c-{place}", who="committee", why="met", outcome="promoted")
            yield record.append(noun, at=AT).seq

    with ThreadPoolExecutor(2) as pool:
        halves = [pool.submit(list[int], write(half)) for half in range(2)]
        receipts = [seq for half in halves for seq in half.result()]
    return do_everything(rubric, model), receipts


@pytest.mark.parametrize(
    ("processes", "names"),
    [(2, PACKETS[:2]), pytest.param(4, PACKETS * 5, marks=pytest.mark.slow)],
)
def test_processes_share_a_record(tmp_path: Path, processes: int, names: tuple[str, ...]) -> None:
    """Processes of two threads each write one record: all is there, one chain, and replays."""
    path = str(tmp_path / "record.jsonl")
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        found = [*pool.map(partial(record_from, path, names), range(processes))]
    assert {digest for digest, _ in found} == {do_everything(*load_fresh())}
    receipts = [seq for _, each in found for seq in each]
    assert len(receipts) == len({*receipts}) == processes * len(names) * 2
    record = Record(path)
    seen = record.verify()
    assert seen.is_intact
    assert seen.unfinished == 0
    kinds = [entry.kind for entry in record.entries()]
    assert kinds.count("assessment") == kinds.count("decision") == processes * len(names)
    again = replay_record(record)
    assert again.is_same
    assert len(again.assessments) == processes * len(names)
    assert json.loads(Path(path).read_bytes().splitlines()[-1])["seq"] == len(kinds)
