"""The service recipe under load on loopback: nothing lost, and how long an answer takes.

``pytest -m bench tests/bench/test_service.py -s``
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from pmpromo import load_packet

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[2]
CLIENTS: Final = 8
EACH: Final = 250
BODY: Final = load_packet(ROOT / "examples/packets/spm-b.yaml").model_dump_json()

pytestmark = [pytest.mark.bench, pytest.mark.enable_socket]


class Service(NamedTuple):
    """A service that runs: the port it answers on, and its process."""

    port: int
    process: int

    @property
    def seconds(self) -> float:
        """Seconds of processor that it has used; 0 where the system does not tell."""
        told = Path(f"/proc/{self.process}/stat")
        if not told.exists():
            return 0.0
        ticks = told.read_text(encoding="ascii").rpartition(") ")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """Start the service in a process of its own, and wait until it answers."""
    pytest.importorskip("uvicorn", reason="uvicorn is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    words = ["-m", "uvicorn", "--factory", "examples.services.app:make_app", "--log-level", "error"]
    environment = {**os.environ, "PMPROMO_STORE": str(tmp_path / "results.sqlite")}
    server = subprocess.Popen(  # noqa: S603 - our own service
        [sys.executable, *words, "--port", str(number)], cwd=ROOT, env=environment
    )
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", number), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield Service(number, server.pid)
    finally:
        server.terminate()
        server.wait(10)


def send_all(port: int, client: int) -> list[tuple[int, str, float]]:
    """Send packets one after another, and return status, place and seconds of each answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    answers = []
    for k in range(EACH):
        body = BODY.replace("spm-b-2026h1", f"load-{client}-{k}")
        start = time.perf_counter()
        connection.request("POST", "/assessments", body)
        answer = connection.getresponse()
        answer.read()
        seconds = time.perf_counter() - start
        answers.append((answer.status, answer.headers["Location"], seconds))
    connection.close()
    return answers


def test_eight_clients_lose_nothing(service: Service) -> None:
    """Every packet of eight clients is assessed and kept; the 99th answer comes within a second."""
    start, before, port = time.perf_counter(), service.seconds, service.port
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = [
            each for of in pool.map(lambda c: send_all(port, c), range(CLIENTS)) for each in of
        ]
    seconds = time.perf_counter() - start
    used = (service.seconds - before) / len(answers)
    times = sorted(answer[2] for answer in answers)
    half, most = times[len(times) // 2], times[len(times) * 99 // 100]
    print(  # noqa: T201 - the measure
        f"\n{len(answers)} packets, {CLIENTS} clients: {len(answers) / seconds:.0f} a second,"
        f" p50 {half * 1000:.0f} ms, p99 {most * 1000:.0f} ms,"
        f" {used * 1000:.1f} ms of processor a packet"
    )
    assert {answer[0] for answer in answers} == {201}
    assert len({answer[1] for answer in answers}) == CLIENTS * EACH
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _, place, _ in answers[::97]:
        connection.request("GET", place)
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()
    connection.close()
    assert most < 1
