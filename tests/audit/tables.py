"""Published tables of selections: each with its source, and the digits that were printed."""

from __future__ import annotations

from typing import Final, NamedTuple

from pmpromo.audit import Counts

# 6 RCNY 5-301(c), example of scoring rates: people, above the median, rate and ratio as printed.
# The rule prints 18/28 = 64.29 % as 64.2 %: it cuts where it should round.
NEW_YORK_SCORING: Final = {
    "sex": {
        "Male": (92, 50, "54.3%", "1.00"),
        "Female": (76, 34, "44.7%", "0.82"),
    },
    "race": {
        "Hispanic or Latino": (28, 18, "64.2%", "1.00"),
        "White": (40, 15, "37.5%", "0.58"),
        "Black or African American": (32, 16, "50.0%", "0.78"),
        "Native Hawaiian or Pacific Islander": (8, 5, "62.5%", "0.97"),
        "Asian": (24, 10, "41.7%", "0.65"),
    },
}

# 6 RCNY 5-301(b), example of selection rates; rates in whole percent. Of the printed ratios,
# Female is .979, of three digits.
NEW_YORK_SELECTION: Final = {
    "sex": {
        "Male": (1390, 667, "48%", "1.00"),
        "Female": (1181, 555, "47%", "0.98"),
    },
    "race": {
        "Hispanic or Latino": (408, 204, "50%", "0.97"),
        "White": (797, 412, "52%", "1.00"),
        "Black or African American": (390, 170, "44%", "0.84"),
        "Native Hawaiian or Pacific Islander": (119, 52, "44%", "0.85"),
        "Asian": (616, 302, "49%", "0.95"),
        "Native American or Alaska Native": (41, 18, "44%", "0.85"),
        "Two or More Races": (213, 96, "45%", "0.87"),
    },
}


class Example(NamedTuple):
    """A group and its comparator, and what an independent computation gives for them."""

    name: str
    group: Counts
    other: Counts
    ratio: str
    shortfall: int
    fisher: float
    z: float


# Ricci v. DeStefano, 557 U.S. 557 (2009), data of W. Miao; ties of four fifths and their
# neighbours; exercises of textbooks and guides (printed: 51.6 %, 82.7 %, 4.88 standard deviations,
# .79, 58.5 %, 90.7 %). Selected and people of the group and of the comparator, ratio, shortfall to
# four fifths, Fisher's two-sided p, pooled z.
_EXAMPLES: Final = """\
captain                 3    8   16   25  75/128       2  0.2378737318 -1.320009398
lieutenant-Black        6   19   25   43  258/475      3  0.09708121873  -1.928336654
lieutenant-Hispanic     3   15   25   43  43/125       4  0.0159276221 -2.545245062
64-of-100              64  100   80  100  4/5          0  0.01772682894  -2.519763153
8-of-25                 8   25    2    5  4/5          0  1            -0.346410162
48-of-100              48  100   60  100  4/5          0  0.1183881378 -1.702513062
12-of-50               12   50   30  100  4/5          0  0.5632397703 -0.771516750
63-of-100              63  100   80  100  63/80        1  0.01183491374  -2.662922166
65-of-100              65  100   80  100  13/16        0  0.02611795213  -2.375422747
promotion               6   24   15   31  31/60        4  0.09795294155  -1.770496283
hiring                 21   55   30   65  91/110       0  0.459251759  -0.880213098
two-deviations         50  250  100  250  1/2         30  1.480856326e-06  -4.879500365
unknowns               50  350  100  550  11/14        1  0.1421797324 -1.528941574
thirty-six             10   36  134  282  235/402      4  0.03207914129  -2.240678786
hundred-and-two        44  102  134  282  1034/1139    0  0.4877307369 -0.760270091
"""


def _read_example(line: str) -> Example:
    name, k, n, other_k, other_n, ratio, shortfall, fisher, z = line.split()
    group, other = Counts(int(k), int(n)), Counts(int(other_k), int(other_n))
    return Example(name, group, other, ratio, int(shortfall), float(fisher), float(z))


EXAMPLES: Final = tuple(map(_read_example, _EXAMPLES.splitlines()))

# Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10: group, other, interval.
NEWCOMBE: Final = (
    (Counts(56, 70), Counts(48, 80), (0.0524, 0.3339)),
    (Counts(9, 10), Counts(3, 10), (0.1705, 0.8090)),
    (Counts(6, 7), Counts(2, 7), (0.0582, 0.8062)),
    (Counts(5, 56), Counts(0, 29), (-0.0381, 0.1926)),
    (Counts(0, 10), Counts(0, 20), (-0.1611, 0.2775)),
    (Counts(0, 10), Counts(0, 10), (-0.2775, 0.2775)),
    (Counts(10, 10), Counts(0, 20), (0.6791, 1.0000)),
    (Counts(10, 10), Counts(0, 10), (0.6075, 1.0000)),
)
