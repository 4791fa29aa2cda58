"""P9: a date is a day of the calendar; no zone, no locale and no clock changes a result."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pytest
from promises.children import finish_all, start
from promises.doors import (
    DAY,
    ITEM,
    PACKET,
    make_assessment,
    make_packet,
    make_rubric,
    write_csv,
)

from pmpromo import assess, evidence_frame, parse_packet, read_evidence, score_frame
from pmpromo.errors import PmpromoError

if TYPE_CHECKING:
    from pathlib import Path

Content = dict[str, Any]


def end(day: object) -> Content:
    """Return the small packet with another last day of its first item."""
    return {**PACKET, "evidence": [{**ITEM, "ended": day}]}


NO_DAYS: Final = (
    "2023-02-29",
    "2100-02-29",
    "2026-06-31",
    "2026-00-10",
    "2026-13-01",
    "0000-01-01",
    "2025-7-4",
    "20250704",
    "2025-07-04T00:00:00",
    "2025-07-04T00:00:00+14:00",
    "2025-07-04Z",
    "2025-W27-5",
    "2025-185",
    "04.07.2025",
    "07/04/2025",
    "4 July 2025",
    " 2025-07-04",
    "2025-07-04\n",
    "\u0662025-07-04",
    "25-07-04",
    "45842",
    "today",
    "",
    45842,
    1751587200.0,
    True,
)
"""What is no day, or is one only to somebody who guesses."""


@pytest.mark.parametrize("written", NO_DAYS, ids=repr)
def test_what_is_no_day_is_refused(written: object) -> None:
    """In JSON, YAML and mappings only YYYY-MM-DD is a day, and only one that exists."""
    text = json.dumps(end(written))
    for work in (
        lambda: parse_packet(end(written)),
        lambda: parse_packet(text),
        lambda: parse_packet(f"{text}\n", format="yaml"),
        lambda: assess(make_packet(), make_rubric(), as_of=written),  # type: ignore[arg-type]
    ):
        with pytest.raises(PmpromoError):
            work()


@pytest.mark.parametrize(
    "written", [each for each in NO_DAYS if isinstance(each, str) and each.strip()], ids=repr
)
def test_a_cell_that_is_no_day_is_a_problem(written: str, tmp_path: Path) -> None:
    """In a table the same holds; blanks around a cell are not part of it."""
    path = tmp_path / "facts.csv"
    cell = written.strip()
    head = "packet_id,evidence_id,fact,point,ended"
    path.write_bytes(write_csv([head, f'p-1,launch,aligns,3,"{cell}"']))
    problems = score_frame(read_evidence(path), make_rubric(), as_of=DAY).problems
    assert len(problems) == (cell != "2025-07-04")


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2025, 7, 4, tzinfo=UTC),
        datetime(2025, 7, 4),  # noqa: DTZ001 - without a zone on purpose
        datetime(2025, 7, 4, 23, tzinfo=timezone(timedelta(hours=-11))),
        pd.Timestamp("2025-07-04", tz="Pacific/Apia"),
    ],
    ids=repr,
)
def test_a_moment_is_no_day(moment: datetime) -> None:
    """A time with a zone, and one without, is refused: it would be another day elsewhere."""
    with pytest.raises(PmpromoError):
        parse_packet(end(moment))
    with pytest.raises(PmpromoError):
        assess(make_packet(), make_rubric(), as_of=moment)


def test_a_column_of_moments_is_no_column_of_days() -> None:
    """In a frame only midnight without a zone is a day, whatever type holds it."""
    frame = evidence_frame([make_packet()]).drop(columns=["transition", "as_of"])
    ended = pd.to_datetime(frame["ended"])
    for cells, sound in (
        (ended, True),
        (ended.dt.date, True),
        (ended + pd.Timedelta(hours=1), False),
        (ended.dt.tz_localize("UTC"), False),
        (ended.dt.tz_localize("Pacific/Kiritimati"), False),
    ):
        try:
            scored = score_frame(frame.assign(ended=cells), make_rubric(), as_of=DAY)
        except PmpromoError:
            assert not sound
            continue
        assert (len(scored.problems) == 0) is sound


def test_nobody_guesses_the_day_of_today() -> None:
    """Without a day there is no score: the error names both ways to say it."""
    content = {key: value for key, value in PACKET.items() if key != "as_of"}
    with pytest.raises(PmpromoError, match=r"write as_of in the packet, or give it: as_of=date"):
        make_assessment(content)
    seen = assess(parse_packet(content), make_rubric(), as_of=DAY)
    assert seen.proven == make_assessment().proven


def test_the_last_day_counts_and_the_next_does_not() -> None:
    """Work that ended on the day itself is work; a day later it is a mistake."""
    for day, sound in ((DAY, True), (DAY + timedelta(days=1), False)):
        try:
            parse_packet(end(day.isoformat()))
        except PmpromoError:
            assert not sound
        else:
            assert sound


def test_ages_are_counted_in_whole_days() -> None:
    """A year and a leap year back from the day work counts in full; a day before, it does not."""
    alone = [
        assess(parse_packet(end(day)), make_rubric()).evidence[0].recency[0]
        for day in ("2025-06-30", "2025-06-29", "2025-06-28")
    ]
    assert alone[0] == 1.0
    assert alone[0] >= alone[1] >= alone[2]
    assert alone[2] < 1.0


CLOCKLESS: Final = """
import os, sys, time
from promises.doors import tell_all

def shift(read):
    def told(*given):
        caller = sys._getframe(1).f_globals["__name__"]
        assert not caller.startswith("pmpromo"), f"{caller} reads a clock"
        return read(given[0] if given else real() + days * 86_400)
    return told

real, days = time.time, int(os.environ["DAYS"])
time.localtime, time.gmtime = shift(time.localtime), shift(time.gmtime)
time.time = shift(float)
print(tell_all())
"""
"""What tells all that we write, with a clock that runs days ahead, and that we may not read."""

SURROUNDINGS: Final = (
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "DAYS": "0"},
    {"TZ": "America/Los_Angeles", "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "DAYS": "400"},
    {"TZ": "<-11>11", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "DAYS": "5000"},
)


@pytest.mark.slow
def test_no_clock_zone_or_locale_moves_a_byte() -> None:
    """All that is written, in three zones and locales, on three days years apart."""
    told = {*finish_all([start(CLOCKLESS, **each) for each in SURROUNDINGS])}
    assert len(told) == 1
    assert "proven" in told.pop()


def test_numbers_of_numpy_are_no_days() -> None:
    """A day of numpy with a time in it is refused, one without is none of ours either."""
    for value in (np.datetime64("2025-07-04T01"), np.datetime64("2025-07-04")):
        with pytest.raises(PmpromoError):
            parse_packet(end(value))
