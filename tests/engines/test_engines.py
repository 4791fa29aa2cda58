"""The examples for engines run as they stand, and give the bits of `assess` for any parts."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pmpromo import assess, load_packet, load_rubric, parse_packet
from pmpromo.arrow import RESULT_SCHEMA
from pmpromo.batch.rows import describe

if TYPE_CHECKING:
    from types import ModuleType

    from pmpromo import Packet

FOLDER: Final = Path(__file__).resolve().parents[2] / "examples"
RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")
PARTS: Final = (1, 2, 7)


def open_example(name: str) -> ModuleType:
    """Load an example as Python runs it, under a name of its own."""
    spec = importlib.util.spec_from_file_location(name, FOLDER / "engines" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def known() -> list[Packet]:
    """The example packets of one step, and some made of them."""
    read = [load_packet(path) for path in sorted((FOLDER / "packets").glob("*.yaml"))]
    chosen = [packet for packet in read if packet.rubric == RUBRIC.id]
    assert len(chosen) > 1
    others = [
        {
            **packet.model_dump(mode="json", exclude_unset=True),
            "id": f"{packet.id}-{place}",
            "evidence": [
                item.model_dump(mode="json", exclude_unset=True) for item in packet.evidence[place:]
            ],
            "concerns": [],
        }
        for packet in chosen
        for place in range(6)
    ]
    return [*chosen, *map(parse_packet, others)]


def write_parts(known: list[Packet], folder: Path, parts: int) -> Path:
    """Write packets as so many parts, by way of JSON Lines; one of them cannot be scored."""
    lines = [packet.model_dump_json() for packet in known]
    lines.insert(3, '{"id": "dayless", "evidence": []}')
    source = folder / "packets.jsonl"
    source.write_text("\n".join(lines), encoding="utf-8")
    open_example("to_parquet").convert(source, folder / "packets", -(-len(lines) // parts))
    assert len([*(folder / "packets").iterdir()]) == parts
    return folder / "packets"


def check_results(folder: Path, known: list[Packet]) -> None:
    """Hold what an engine wrote against assess, packet by packet, to the last bit."""
    table = pa.concat_tables([pq.read_table(path) for path in sorted(folder.glob("*.parquet"))])
    rows = {row["packet_id"]: row for row in table.to_pylist()}
    assert table.schema.names == RESULT_SCHEMA.names
    assert table.num_rows == len(known) + 1
    assert [problem["path"] for problem in rows.pop("dayless")["problems"]] == ["as_of"]
    assert rows == {packet.id: describe(assess(packet, RUBRIC)) for packet in known}


@pytest.mark.parametrize("parts", PARTS)
@pytest.mark.parametrize("engine", ["duckdb", "polars", "dask"])
def test_engine_gives_the_bits_of_assess(
    engine: str, parts: int, known: list[Packet], tmp_path: Path
) -> None:
    """An engine writes the same rows for one part, two and seven."""
    source = write_parts(known, tmp_path, parts)
    score: Any = open_example(f"{engine}_batches").score
    if engine == "dask":
        score = partial(score, scheduler="synchronous")
    score(source, tmp_path / "results", RUBRIC)
    check_results(tmp_path / "results", known)


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")
@pytest.mark.enable_socket
@pytest.mark.parametrize("parts", PARTS)
def test_spark_gives_the_bits_of_assess(
    parts: int, known: list[Packet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spark writes the same rows, from the executors of a session of its own."""
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("needs Java 17")
    monkeypatch.setenv("PYTHONPATH", str(FOLDER.parent))
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    source = write_parts(known, tmp_path, parts)
    open_example("spark_batches").score(source, tmp_path / "results", RUBRIC)
    check_results(tmp_path / "results", known)
