"""Tables as programs export them: evidence, ratings and decisions in CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hostile.bases import DECISIONS, EVIDENCE, RATINGS
from hostile.files import change, read, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hostile.files import Hostile

__all__ = ["list_tables"]

FACTS: Final = "".join(f"{line.rpartition(',')[0]}\n" for line in EVIDENCE.splitlines())
"""The good table without its notes, which are no column of evidence."""

_SHAPES: Final = (
    ("comma at the end of the head", "note\n", "note,\n", "name"),
    ("row one cell short", ",manager,first", ",manager", "11 cells"),
    ("row one cell long", ",manager,first", ",manager,first,more", "13 cells"),
    ("column twice", "unit,baseline", "unit,unit", "2 columns"),
    ("column without a name", "unit,baseline", "unit,", "name"),
    ("open quote", "first", '"first', "quotation mark"),
    ("text behind a quote", "first", '"fi"rst', "quotation mark"),
    ("NUL", "first", "fi\0rst", "U+0000"),
    ("direction character in the head", "note", "no\u202ete", "U+202E"),
    ("escape in the head", "note", "\x1b[31mnote", "U+001B"),
)
"""Name, what is changed in the good table into what, and the answer."""

_READ: Final = (
    ("implicit typing", "leading zeros", "p-1,acq,unit", "00042,acq,unit", "packet_id[0]", "00042"),
    ("implicit typing", "surname NA", "manager,first", "manager,NA", "note[0]", "NA"),
    ("implicit typing", "surname N.A.", "manager,first", "manager,N.A.", "note[0]", "N.A."),
    ("implicit typing", "nan", "manager,first", "manager,nan", "note[0]", "nan"),
    ("implicit typing", "null", "manager,first", "manager,null", "note[0]", "null"),
    ("implicit typing", "None", "manager,first", "manager,None", "note[0]", "None"),
    ("implicit typing", "TRUE", "manager,first", "manager,TRUE", "note[0]", "TRUE"),
    (
        "implicit typing",
        "exponent for an id",
        "p-1,acq,unit",
        "1e5,acq,unit",
        "packet_id[0]",
        "1e5",
    ),
    ("implicit typing", "date for a version", "manager,first", "manager,3-4", "note[0]", "3-4"),
    (
        "number forms",
        "long digits",
        "16.5",
        "1234567890123456789",
        "value[0]",
        "1234567890123456789",
    ),
    ("CSV shape", "line end in a cell", "first", '"fi\nrst"', "note[0]", "fi\nrst"),
    ("CSV shape", "quote in a cell", "first", '"fi""rst"', "note[0]", 'fi"rst'),
    ("CSV shape", "comma in a cell", "first", '"fi,rst"', "note[0]", "fi,rst"),
    ("CSV shape", "blanks around a cell", "first", "  first  ", "note[0]", "first"),
    ("CSV shape", "declared separator", "packet_id", "sep=,\npacket_id", "note[0]", "first"),
    ("CSV shape", "empty line", "p-2,", "\np-2,", "note[2]", "third"),
    ("active text", "formula", "first", "=1+1", "note[0]", "=1+1"),
    ("active text", "at", "first", "@SUM(A1)", "note[0]", "@SUM(A1)"),
    (
        "active text",
        "call of a program",
        "first",
        "=cmd|' /C calc'!A0",
        "note[0]",
        "=cmd|' /C calc'!A0",
    ),
    ("encodings and newlines", "mark first", "packet_id", "\ufeffpacket_id", "note[0]", "first"),
)
"""Hazard, name, what is changed into what, and which cell is read how."""

_SCORED: Final = (
    ("units", "unknown", "percent/year", "kUSD", "unit"),
    ("units", "hours for growth", "percent/year", "hour", "unit"),
    ("number forms", "decimal comma", "16.5", '"16,5"', "value"),
    ("number forms", "thousands", "16.5", "7k", "value"),
    ("number forms", "Arabic digits", "16.5", "١٦", "value"),
    ("number forms", "full-width digits", "16.5", "１６", "value"),
    ("number forms", "underscore", "16.5", "1_6", "value"),
    ("number forms", "hexadecimal", "16.5", "0x10", "value"),
    ("number forms", "percent sign", "16.5", "16.5%", "value"),
    ("number forms", "400 digits", "16.5", "9" * 400, "value"),
    ("number forms", "hard space", "16.5", "1\u00a0600", "value"),
    ("number forms", "point five", ",3,led", ",5,led", "point"),
    ("number forms", "half a point", ",3,led", ",2.5,led", "point"),
    ("non-finite numbers", "nan", "16.5", "nan", "value"),
    ("non-finite numbers", "inf", "16.5", "inf", "value"),
    ("non-finite numbers", "1e400", "16.5", "1e400", "value"),
    ("non-finite numbers", "-Infinity", "16.5", "-Infinity", "value"),
    ("dates", "no leap year", "2025-03-01", "2023-02-29", "started"),
    ("dates", "31 June", "2025-03-01", "2025-06-31", "started"),
    ("dates", "short", "2025-03-01", "2025-3-1", "started"),
    ("dates", "Excel serial", "2025-03-01", "45717", "started"),
    ("dates", "slashes", "2025-03-01", "03/01/2025", "started"),
    ("dates", "time with zone", "2025-03-01", "2025-03-01T00:00+02:00", "started"),
    ("dates", "after the day", "2025-03-01", "2027-03-01", "started"),
    ("dates", "ends before it begins", "2026-04-30", "2024-04-30", "ended"),
    ("choices", "ownership", "led,", "lead,", "ownership"),
    ("choices", "voice", ",manager", ",boss", "support"),
    ("references", "unknown fact", "unit_arr_growth", "unit_arr_growht", "fact"),
    ("references", "fact in another alphabet", "unit_arr", "un\u0456t_arr", "fact"),
    ("protected attributes", "sex", "unit_arr_growth", "sex", "fact"),
    ("protected attributes", "age", "unit_arr_growth", "Age", "fact"),
    ("identifiers", "no packet", "p-1,acq,unit", ",acq,unit", "packet_id"),
    ("identifiers", "two of one id but for case", "p-2,plan", "P-1,plan", "packet_id"),
)
"""Hazard, name, what is changed into what, and the column of which a problem must tell."""

_COLUMNS: Final = (
    ("sex", "note", "sex", "sex"),
    ("date of birth", "note", "date_of_birth", "date_of_birth"),
    ("veteran status", "note", "veteran_status", "veteran_status"),
    ("gender in capitals", "note", "Gender", "Gender"),
)

_RATINGS: Final = (
    ("number forms", "nine", "r-1,3", "r-1,9", "outside the scale"),
    ("number forms", "half", "r-1,3", "r-1,2.5", "not a whole number"),
    ("number forms", "comma", "r-1,3", 'r-1,"2,5"', "not a"),
    ("number forms", "Arabic digit", "r-1,3", "r-1,٣", "not a"),
    ("number forms", "superscript", "r-1,3", "r-1,²", "not a"),
    ("number forms", "exponent", "r-1,3", "r-1,3e0", "not a"),
    ("number forms", "4000 digits", "r-1,3", f"r-1,{'3' * 4000}", "not a"),
    ("number forms", "minus zero and more", "r-1,3", "r-1,-1", "outside the scale"),
    ("non-finite numbers", "nan", "r-1,3", "r-1,nan", "not a"),
    ("non-finite numbers", "inf", "r-1,3", "r-1,inf", "not a"),
    ("implicit typing", "true", "r-1,3", "r-1,true", "not a"),
    ("dates", "31 June", "2026-06-01", "2026-06-31", "date"),
    ("dates", "slashes", "2026-06-01", "06/01/2026", "date"),
    ("integrity", "given twice", "r-2,2", "r-1,2", "twice"),
    ("integrity", "two roles of one", "p-2,reach,r-1,4,manager", "p-2,reach,r-1,4,peer", "role"),
    ("identifiers", "no rater", "r-1,3", ",3", "rater_id"),
    ("identifiers", "name of 300", "r-1,3", f"{'r' * 300},3", "rater_id"),
    ("CSV shape", "row one cell short", ",manager,2026-06-01\np-1", "\np-1", "4 cells"),
    ("CSV shape", "no column of ratings", "rating", "score", "no such column"),
    ("CSV shape", "column twice", "role,date", "role,role", "two columns"),
    ("CSV shape", "open quote", "manager", '"manager', "quotation mark"),
    ("invisible characters", "direction in a name", "r-2", "r\u202e2", "rater_id"),
    ("invisible characters", "escape in a name", "r-2", "\x1b[31mr2", "rater_id"),
)

_DECISIONS: Final = (
    ("number forms", "two", "0.8125,1", "0.8125,2", "promoted"),
    ("number forms", "yes", "0.8125,1", "0.8125,yes", "promoted"),
    ("number forms", "score in percent", "0.8125,1", "81.25,1", "proven"),
    ("number forms", "comma", "0.8125,1", '"0,8125",1', "proven"),
    ("non-finite numbers", "nan", "0.8125,1", "nan,1", "proven"),
    ("non-finite numbers", "inf", "0.8125,1", "inf,1", "proven"),
    ("non-finite numbers", "1e400", "0.8125,1", "1e400,1", "proven"),
    ("number forms", "Arabic digits", "0.8125,1", "٠.٨,1", "proven"),
    ("CSV shape", "no outcome", "promoted", "outcome", "promoted"),
    ("CSV shape", "row one cell short", "0.8125,1", "0.8125", "3 cells"),
    ("integrity", "promoted, and not", "p-2,", "p-1,", "p"),
)


def list_tables() -> Iterator[Hostile]:
    """Yield hostile tables in CSV."""
    for name, old, new, said in _SHAPES:
        yield refuse(
            f"evidence/CSV shape, {name}.csv", "CSV shape", change(EVIDENCE, old, new), said
        )
    for hazard, name, old, new, path, value in _READ:
        yield read(
            f"evidence/{hazard}, {name}.csv", hazard, change(EVIDENCE, old, new), path, value
        )
    for hazard, name, old, new, said in _SCORED:
        yield refuse(f"scored/{hazard}, {name}.csv", hazard, change(FACTS, old, new), said)
    for name, old, new, said in _COLUMNS:
        hazard = "protected attributes"
        yield refuse(
            f"scored/{hazard}, column {name}.csv", hazard, change(EVIDENCE, old, new), said
        )
    for hazard, name, old, new, said in _RATINGS:
        yield refuse(f"ratings/{hazard}, {name}.csv", hazard, change(RATINGS, old, new), said)
    for hazard, name, old, new, said in _DECISIONS:
        yield refuse(f"decisions/{hazard}, {name}.csv", hazard, change(DECISIONS, old, new), said)
    yield from _list_bytes()


def _list_bytes() -> Iterator[Hostile]:
    """Yield tables that are hostile as bytes."""
    hazard = "encodings and newlines"
    for kind, base in (("evidence", EVIDENCE), ("ratings", RATINGS), ("decisions", DECISIONS)):
        for name, data, said in (
            ("Latin-1", base.replace("p-2", "\u00e9").encode("latin-1"), "not UTF-8"),
            ("Shift-JIS", base.replace("p-2", "テ").encode("shift-jis"), "not UTF-8"),
            ("UTF-16", base.encode("utf-16-le"), ""),
            ("empty", b"", "empty"),
            ("mark alone", b"\xef\xbb\xbf", "empty"),
            ("archive", b"PK\x03\x04" + bytes(range(256)), "not UTF-8"),
            ("cut in a character", base.encode() + "\u00e9".encode()[:1], "not UTF-8"),
        ):
            yield refuse(f"{kind}/{hazard}, {name}.csv", hazard, data, said)
