"""Published worked examples, as printed, with their citation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pmpromo.committee import Ratings

if TYPE_CHECKING:
    from collections.abc import Sequence

JUNIORS: Final = ("Anne", "Betty", "Chris", "David", "Edward", "Fred", "George")
TRAITS: Final = ("Attack", "Basis", "Clarity", "Daring", "Enthusiasm")

GUILFORD: Final = {
    "Avogadro": "55353 97585 33371 73133 97785 35351 77555",
    "Brahe": "65463 87572 45366 56455 24323 44642 33554",
    "Cavendish": "55573 77575 35555 53331 97777 33353 77757",
}
"""Ratings 1..9 by three seniors of seven juniors (in turn) on five traits.

Guilford J.P. (1954), Psychometric Methods, 2nd ed., McGraw-Hill, p. 282.
"""

KRIPPENDORFF: Final = (
    (1, 1, None, 1),
    (2, 2, 3, 2),
    (3, 3, 3, 3),
    (3, 3, 3, 3),
    (2, 2, 2, 2),
    (1, 2, 3, 4),
    (4, 4, 4, 4),
    (1, 1, 2, 1),
    (2, 2, 2, 2),
    (None, 5, 5, 5),
    (None, None, 1, 1),
    (None, None, 3, None),
)
"""Twelve units by four observers, 1..5.

Krippendorff K. (2011), Computing Krippendorff's Alpha-Reliability, data C; the same as
``cac.raw4raters`` in Gwet K. (2014), Handbook of Inter-Rater Reliability, 4th ed.
"""

SHROUT_FLEISS: Final = (
    (9, 2, 5, 8),
    (6, 1, 3, 2),
    (8, 4, 6, 8),
    (7, 1, 2, 6),
    (10, 5, 6, 9),
    (6, 2, 4, 7),
)
"""Six targets by four judges, 1..10.

Shrout P.E. & Fleiss J.L. (1979), Psychological Bulletin 86:420-428, table 2.
"""

FLEISS: Final = (
    "444444",
    "222555",
    "233335",
    "555555",
    "222444",
    "113333",
    "333355",
    "113334",
    "114444",
    "555555",
    "144444",
    "124444",
    "222333",
    "144444",
    "224445",
    "333335",
    "111455",
    "111112",
    "224444",
    "133555",
    "555555",
    "244444",
    "224555",
    "114444",
    "144445",
    "222224",
    "111155",
    "224444",
    "133333",
    "555555",
)
"""Thirty patients, six diagnoses each, of five kinds.

Fleiss J.L. (1971), Psychological Bulletin 76:378-382.
"""

BRENNAN_1: Final = (
    "101000000000",
    "111001000000",
    "111110000000",
    "110110010000",
    "111110100000",
    "111011100000",
    "111111100000",
    "111101111100",
    "111111111110",
    "111111111111",
)
"""Ten persons by twelve items.

Brennan R.L. (2001), Generalizability Theory, Springer, synthetic data set 1.
"""

BRENNAN_3: Final = (
    "2675",
    "2555",
    "4567",
    "6757",
    "5546",
    "5455",
    "5986",
    "5776",
    "4356",
    "4564",
    "4447",
    "6478",
    "2665",
    "2775",
    "3445",
    "6664",
    "0545",
    "5553",
    "6876",
    "6886",
)
"""Persons and occasions (two rows a person) by items.

Brennan R.L. (2001), Generalizability Theory, Springer, synthetic data set 3.
"""

HUYNH: Final = (
    "111101",
    "101111",
    ".11100",
    "0..101",
    "1.010.",
    "111101",
    "0.1.00",
    "0.1111",
    "1101.0",
    ".000.0",
    "111111",
    ".0.001",
)
"""Persons by items, some missing.

Huynh H. (1977), as in Brennan (2001), ch. 7.
"""


def read_guilford() -> Ratings:
    """Return Guilford's ratings: junior by trait by senior."""
    rows = [
        (junior, trait, senior, int(point))
        for senior, told in GUILFORD.items()
        for junior, points in zip(JUNIORS, told.split(), strict=True)
        for trait, point in zip(TRAITS, points, strict=True)
    ]
    names = ("packet_id", "criterion", "rater_id", "rating")
    columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    return Ratings.from_columns(columns, scale=(1, 9))


def read_table(rows: Sequence[Sequence[int | None]], scale: tuple[int, int]) -> Ratings:
    """Return the ratings of a table: one row a packet, one column a rater."""
    raters = {f"r{i}": f"r{i}" for i in range(len(rows[0]))}
    columns: dict[str, Any] = {name: [row[i] for row in rows] for i, name in enumerate(raters)}
    columns["unit"] = list(range(len(rows)))
    return Ratings.from_wide(columns, packet_id="unit", raters=raters, scale=scale)


def read_fleiss() -> Ratings:
    """Return the diagnoses as ratings 1..5."""
    return read_table([[int(kind) for kind in row] for row in FLEISS], (1, 5))
