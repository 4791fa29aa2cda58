"""Which library a frame belongs to: what is given as one kind goes back as the same kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import narwhals as nw
import numpy as np

from pmpromo.errors import DataError, Problem
from pmpromo.frame.coding import Coded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Column", "Library", "make_native", "open_frame"]

Column = Coded | Sequence[object] | np.ndarray[Any, Any]
"""A column of a result: words by their codes, none of them unknown, or values one by one."""

Backend = Literal["pandas", "polars", "pyarrow"]
"""A library that holds a frame while it is read, and makes results."""

_BACKENDS: Final[Mapping[nw.Implementation, Backend]] = {
    nw.Implementation.PANDAS: "pandas",
    nw.Implementation.POLARS: "polars",
    nw.Implementation.PYARROW: "pyarrow",
    nw.Implementation.DUCKDB: "pyarrow",
}
"""Whose frames are read, and which library holds them while they are."""

_MEND: Final = "give a pandas or polars DataFrame, a pyarrow Table or a duckdb relation"


@dataclass(frozen=True, slots=True)
class Library:
    """How results are made in the kind of frame that was given."""

    backend: Backend
    wrap: Callable[[Any], Any]


def open_frame(given: Any) -> tuple[nw.DataFrame[Any], Library]:  # noqa: ANN401 - any library's frame
    """Return a frame to read, and the library that it came from.

    Raises:
        DataError: it is no frame of a library known here, or two of its columns have one name.
    """
    if not _is_frame(given):
        raise DataError([Problem("evidence", f"is no frame, but {type(given).__name__}", _MEND)])
    names = _list_names(given)
    if not all(isinstance(name, str) for name in names):
        raise DataError([Problem("evidence", "has columns without a name", "name them as text")])
    repeated = _find_repeated(names)
    if repeated:
        raise DataError([Problem(name, "two columns have this name") for name in repeated])
    frame = nw.from_native(given)
    backend = _BACKENDS[frame.implementation]
    if isinstance(frame, nw.DataFrame):
        return frame, Library(backend, _keep)
    wrap = _make_lazy if backend == "polars" else _Relation(given)
    try:
        return frame.collect(backend=backend), Library(backend, wrap)
    except ModuleNotFoundError:
        mend = f"install {backend}, or give a pandas DataFrame"
        raise DataError([Problem("evidence", f"cannot be read without {backend}", mend)]) from None


def _is_frame(given: Any) -> bool:  # noqa: ANN401 - any library's frame
    try:
        frame = nw.from_native(given)
    except TypeError:
        return False
    except ValueError:  # its columns have no names that narwhals accepts; we say which
        return True
    return frame.implementation in _BACKENDS


def _list_names(given: Any) -> list[str]:  # noqa: ANN401 - any library's frame
    if hasattr(given, "collect_schema"):
        return [*given.collect_schema().names()]
    return list(getattr(given, "column_names", None) or given.columns)


def _find_repeated(names: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]


def _keep(native: Any) -> Any:  # noqa: ANN401 - any library's frame
    return native


def _make_lazy(native: Any) -> Any:  # noqa: ANN401 - a polars frame
    return native.lazy()


@dataclass(frozen=True, slots=True)
class _Relation:
    """Makes relations of the connection that another relation belongs to."""

    given: Any

    def __call__(self, pmpromo_result: Any) -> Any:  # noqa: ANN401, ARG002 - duckdb finds it by name
        """Return a table as a relation."""
        return self.given.query("pmpromo_evidence", "SELECT * FROM pmpromo_result")


def make_native(library: Library, columns: Mapping[str, Column], schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the kind that was given
    """Return columns as a frame of the kind that was given, with these types also when empty."""
    held = {
        name: _spread(column, library.backend) if isinstance(column, Coded) else column
        for name, column in columns.items()
    }
    frame = nw.from_dict(held, schema=schema, backend=library.backend)
    return library.wrap(frame.to_native())


def _spread(words: Coded, backend: Backend) -> Any:  # noqa: ANN401 - a column of a library
    """Return words by their codes as a column: each is brought into the library once."""
    series = nw.new_series("words", words.values, nw.String, backend=backend)
    native = series[words.codes].to_native()
    return native.array if backend == "pandas" else native
