"""Where results are kept: each once, under its own id, in SQLite or in PostgreSQL."""

from __future__ import annotations

import sqlite3
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol

from pmpromo import Assessment

if TYPE_CHECKING:
    from psycopg import Connection

TABLE: Final = """\
create table if not exists results (
    id text primary key, packet_id text not null, scoring_digest text not null,
    as_of text not null, proven real not null, met boolean not null, body text not null
)"""

COLUMNS: Final = ("id", "packet_id", "scoring_digest", "as_of", "proven", "met", "body")


class Store(Protocol):
    """Keeps results by their ids."""

    def put(self, seen: Assessment) -> bool:
        """Keep a result; tell whether it is a new one."""

    def get(self, result_id: str) -> Assessment | None:
        """Return the result of an id; None if there is none."""


def list_cells(seen: Assessment) -> tuple[object, ...]:
    """Return what a row holds: what one asks for, and the whole result as it was."""
    keys = (seen.result_id, seen.packet_id, seen.scoring_digest, seen.as_of.isoformat())
    return (*keys, seen.proven, seen.met, seen.model_dump_json())


def read_body(row: tuple[str] | None) -> Assessment | None:
    """Return the result of a row; a body that was changed since is refused."""
    return None if row is None else Assessment.from_json(row[0])


class SqliteStore:
    """Results in one file, or in memory."""

    def __init__(self, path: str = ":memory:") -> None:
        self._lock = Lock()
        self._database = sqlite3.connect(path, check_same_thread=False)
        self._database.execute(TABLE)

    def put(self, seen: Assessment) -> bool:
        """Keep a result; tell whether it is a new one."""
        marks = ", ".join("?" * len(COLUMNS))
        with self._lock, self._database:
            cursor = self._database.execute(
                f"insert or ignore into results values ({marks})",  # noqa: S608 - marks alone
                list_cells(seen),
            )
        return cursor.rowcount == 1

    def get(self, result_id: str) -> Assessment | None:
        """Return the result of an id; None if there is none."""
        with self._lock:
            found = self._database.execute("select body from results where id = ?", (result_id,))
            return read_body(found.fetchone())

    def close(self) -> None:
        """Close the file."""
        self._database.close()


class PostgresStore:
    """Results in a PostgreSQL database."""

    def __init__(self, connection: Connection[tuple[str]]) -> None:
        self._connection = connection
        with connection.transaction():
            connection.execute(TABLE)

    def put(self, seen: Assessment) -> bool:
        """Keep a result; tell whether it is a new one."""
        marks = ", ".join(["%s"] * len(COLUMNS))
        insert = f"insert into results values ({marks}) on conflict (id) do nothing"  # noqa: S608
        with self._connection.transaction():
            return self._connection.execute(insert, list_cells(seen)).rowcount == 1

    def get(self, result_id: str) -> Assessment | None:
        """Return the result of an id; None if there is none."""
        select = "select body from results where id = %s"
        with self._connection.transaction():
            return read_body(self._connection.execute(select, (result_id,)).fetchone())
