"""The recipes for services and stores do what they show, on the real thing."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from pmpromo import Assessment, assess, load_packet, load_rubric
from pmpromo.cli import main
from pmpromo.errors import DataError

ROOT: Final = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

testing = pytest.importorskip("fastapi.testclient", reason="fastapi is not installed")
recipes = import_module("examples.services.app")
stores = import_module("examples.services.stores")

if TYPE_CHECKING:
    from collections.abc import Iterator

    from examples.services.stores import SqliteStore, Store

PACKETS: Final = [
    load_packet(f"examples/packets/{name}.yaml") for name in ("spm-a", "spm-b", "weak-l3-l4")
]
RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")
BODY: Final = PACKETS[0].model_dump_json().encode()


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    """Results in memory."""
    made = stores.SqliteStore()
    yield made
    made.close()


@pytest.fixture
def client(store: SqliteStore, socket_enabled: None) -> Any:  # noqa: ANN401, ARG001
    """A client of the service; its event loop talks to itself through a pair of sockets."""
    return testing.TestClient(recipes.make_app(store))


def test_a_packet_is_assessed_and_kept_once(client: Any) -> None:  # noqa: ANN401
    """The same packet sent twice gives the same result; the second answer says that it was kept."""
    first, second = (client.post("/assessments", content=BODY) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.content == second.content == assess(PACKETS[0], RUBRIC).model_dump_json().encode()
    again = client.get(first.headers["Location"])
    assert again.content == first.content


def test_what_is_not_kept_is_not_found(client: Any) -> None:  # noqa: ANN401
    """An id that nobody kept has no result."""
    assert client.get("/assessments/sha256:0").status_code == 404


def test_problems_echo_nothing(client: Any) -> None:  # noqa: ANN401
    """Every problem is named, and no answer repeats a value that was sent."""
    written = "Jane Roe, 1 Main Street"
    body = {"id": "p", "as_of": written, "evidence": [{"id": "x", "ownership": written}]}
    answer = client.post("/assessments", content=json.dumps(body))
    assert answer.status_code == 422
    paths = [problem["path"] for problem in answer.json()["problems"]]
    assert {"as_of", "evidence[0].ownership", "evidence[0].title"} <= {*paths}
    codes = {problem["path"]: problem["code"] for problem in answer.json()["problems"]}
    assert codes["as_of"] == "wrong_form"
    assert codes["evidence[0].title"] == "missing"
    assert written not in answer.text
    assert "Jane" not in answer.text


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"id": 1, "id": 2}'])
def test_no_body_ends_the_service(client: Any, body: bytes) -> None:  # noqa: ANN401
    """Whatever is sent is answered, and the next packet is assessed."""
    assert client.post("/assessments", content=body).status_code == 422
    assert client.post("/assessments", content=BODY).status_code == 201


def test_the_service_describes_itself(client: Any) -> None:  # noqa: ANN401
    """The OpenAPI document says what goes in and what comes out."""
    told = client.get("/openapi.json").json()
    post = told["paths"]["/assessments"]["post"]
    taken = post["requestBody"]["content"]["application/json"]["schema"]
    assert {"id", "evidence"} <= taken["properties"].keys()
    assert "AssessmentRecord" in json.dumps(post["responses"]["201"])


def keep_all(store: Store) -> None:
    """Prove that a store keeps each result once, and gives it back as it was."""
    results = [assess(packet, RUBRIC) for packet in PACKETS]
    assert [store.put(seen) for seen in [*results, *results]] == [True] * 3 + [False] * 3
    assert [store.get(seen.result_id) for seen in results] == results
    assert store.get("sha256:none") is None


def test_sqlite_keeps_results(tmp_path: Path) -> None:
    """Results outlive the connection, and a body that was changed is refused."""
    path = tmp_path / "results.sqlite"
    made = stores.SqliteStore(str(path))
    keep_all(made)
    made.close()
    again = stores.SqliteStore(str(path))
    seen = assess(PACKETS[0], RUBRIC)
    assert again.get(seen.result_id) == seen
    again._database.execute(
        "update results set body = replace(body, '\"met\":false', '\"met\":true')"
    )
    again._database.execute(
        "update results set body = replace(body, '\"met\": false', '\"met\": true')"
    )
    with pytest.raises(DataError, match="does not match the content"):
        again.get(seen.result_id)
    again.close()


def find_postgres() -> Path | None:
    """Return the folder of the newest PostgreSQL server that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: p.parts[4])
    named = shutil.which("initdb")
    return found[-1].parent if found else (Path(named).parent if named else None)


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a PostgreSQL of our own on a socket in a folder of our own, and stop it."""
    programs = find_postgres()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = tmp_path_factory.mktemp("postgres")
    user = None
    if os.geteuid() == 0:  # the server refuses to run as root
        try:
            user = pwd.getpwnam("postgres").pw_name
        except KeyError:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
        for path in (folder, *list(folder.parents)[:2]):
            path.chmod(0o755)
        shutil.chown(folder, user)
    run(
        programs, user, "initdb", "-D", folder / "data", "-A", "trust", "-U", "pmpromo", "--no-sync"
    )
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    run(
        programs,
        user,
        "pg_ctl",
        "-D",
        folder / "data",
        "-o",
        options,
        "-w",
        "-l",
        folder / "log",
        "start",
    )
    yield f"host={folder} user=pmpromo dbname=postgres"
    run(programs, user, "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")


def run(programs: Path, user: str | None, name: str, *words: object) -> None:
    """Run a program of the server, quietly, as a user."""
    command = [str(programs / name), *map(str, words)]
    subprocess.run(command, check=True, capture_output=True, user=user)  # noqa: S603


def test_postgres_keeps_results(server: str) -> None:
    """A real PostgreSQL keeps each result once, and gives it back as it was."""
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    with psycopg.connect(server) as connection:
        keep_all(stores.PostgresStore(connection))
    with psycopg.connect(server) as connection:
        rows = connection.execute("select packet_id, met from results order by proven").fetchall()
    assert rows == sorted(rows, key=lambda row: assess_again(row[0]).proven)
    assert {row[0] for row in rows} == {packet.id for packet in PACKETS}


def assess_again(packet_id: str) -> Assessment:
    """Assess the packet of an id."""
    return assess(next(packet for packet in PACKETS if packet.id == packet_id), RUBRIC)


def test_duckdb_reads_batches(tmp_path: Path) -> None:
    """What `pmpromo batch` writes is a table to duckdb, with the scores of assess."""
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    lines = tmp_path / "packets.jsonl"
    lines.write_text("\n".join(packet.model_dump_json() for packet in PACKETS), encoding="utf-8")
    scores = tmp_path / "scores.jsonl"
    assert main(["batch", str(lines), "-o", str(scores)]) == 0
    found = duckdb.sql(
        f"select packet_id, proven from read_json('{scores}') order by proven desc"  # noqa: S608
    ).fetchall()
    wanted = sorted(((p.id, assess(p).proven) for p in PACKETS), key=lambda row: -row[1])
    assert found == wanted
