"""The door for frames: the only room that knows pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pandas import DataFrame as DataFrame

__all__ = ["make_frame"]


def make_frame(columns: Mapping[str, Sequence[object]]) -> DataFrame:
    """Return columns of equal length as a pandas DataFrame.

    >>> make_frame({"criterion": ["reach"], "proven": [0.5]}).columns.tolist()
    ['criterion', 'proven']
    """
    import pandas as pd  # noqa: PLC0415 - importing pmpromo keeps pandas asleep

    return pd.DataFrame(dict(columns))
