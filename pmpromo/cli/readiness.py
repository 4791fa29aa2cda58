"""`pmpromo fit` and `reliability`: past decisions to a model, and a model put to the test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.cli.answer import Answer, tell_progress, write_file
from pmpromo.errors import DataError, ModelError, Problem
from pmpromo.pictures.terminal import write_wrapped
from pmpromo.reading.files import open_regular
from pmpromo.reading.library import load_rubric, shipped_rubrics
from pmpromo.reading.places import display

if TYPE_CHECKING:
    import argparse

    from pmpromo.decisions import Decisions
    from pmpromo.readiness import Prior, ReadinessModel, Scores
    from pmpromo.rubric import Rubric

__all__ = ["add_fit", "add_reliability", "load_model"]

_DECISIONS: Final = "a CSV file: promoted, and proven, ratings or evidence"
_MODEL_BYTES: Final = 10_000_000
MOST_TOLD: Final = 1000
"""Evidence beyond this is told as more than this."""
WIDTH: Final = 80


def add_fit(parser: argparse.ArgumentParser) -> None:
    """Say what to learn from, under which scoring, and where the model goes."""
    parser.add_argument("decisions", metavar="DECISIONS", help=_DECISIONS)
    _add_rubrics(parser)
    parser.add_argument("-o", "--output", required=True, metavar="MODEL", help="the file to write")
    parser.add_argument(
        "--reference", metavar="CYCLE", help="a CSV file: proven of the current candidates"
    )
    parser.add_argument(
        "--bridge", metavar="BOTH", help="a CSV file: packet_id and proven of some rated packets"
    )
    parser.add_argument(
        "--rate", type=float, metavar="SHARE", help="a promotion rate you can document, 0 to 1"
    )
    parser.add_argument(
        "--rate-kind", default="per_decision", metavar="KIND", help="what it is a share of"
    )
    parser.set_defaults(run=_fit)


def add_reliability(parser: argparse.ArgumentParser) -> None:
    """Say which model to measure, and against which decisions."""
    parser.add_argument("model", metavar="MODEL", help="a file that pmpromo fit has written")
    parser.add_argument("decisions", metavar="DECISIONS", help=_DECISIONS)
    _add_rubrics(parser, needed=False)
    parser.set_defaults(run=_measure)


def _add_rubrics(parser: argparse.ArgumentParser, *, needed: bool = True) -> None:
    parser.add_argument(
        "--rubric",
        action="append",
        required=needed,
        metavar="[NAME=]ID|PATH",
        help="the rubric of the scores; one for each NAME in the group column",
    )
    parser.add_argument("--group", metavar="COLUMN", help="the column that tells the transition")


def load_model(path: str) -> ReadinessModel:
    """Return the readiness model saved in a file."""
    from pmpromo.readiness import ReadinessModel  # noqa: PLC0415 - numpy sleeps until asked

    found = open_regular(path, _MODEL_BYTES)
    if isinstance(found, Problem):
        raise ModelError([Problem(display(path), found.message, found.hint)])
    with found as file:
        return ReadinessModel.from_json(file.read())


def _fit(options: argparse.Namespace) -> Answer:
    from pmpromo.decisions import read_decisions, read_scores  # noqa: PLC0415 - as below
    from pmpromo.readiness import fit_readiness  # noqa: PLC0415 - numpy sleeps until asked

    rubric = _load_rubrics(options)
    tell_progress(f"reading {display(options.decisions)}")
    decisions = read_decisions(options.decisions, rubric, group=options.group)
    scores, told = decisions.scores, ""
    if options.bridge is not None:
        scores, told = _cross(scores, read_scores(options.bridge))
    reference = None if options.reference is None else read_scores(options.reference)
    tell_progress(f"fitting {len(scores)} decisions")
    model = fit_readiness(
        scores,
        decisions.promoted,
        rubric=rubric,
        groups=decisions.groups,
        reference=reference,
        prior=_read_rate(options),
    )
    tell_progress("measuring reliability on ten parts in turn")
    write_file(options.output, f"{model.to_json()}\n")
    measured = model.reliability or "Not measured: reliability takes at least 20 decisions."
    parts = (told, str(model), str(measured), f"The model is in {display(options.output)}.")
    return Answer("\n\n".join(part for part in parts if part))


def _load_rubrics(options: argparse.Namespace) -> Rubric | dict[str, Rubric]:
    """Return the rubric of each name in the group column, or the one of all decisions."""
    named = [text.rpartition("=") for text in options.rubric]
    if options.group is not None:
        return {name or source: load_rubric(source) for name, _, source in named}
    if len(named) > 1:
        hint = "give --group COLUMN, the column that tells which decision is whose"
        raise DataError([Problem("--rubric", f"{len(named)} rubrics for all decisions", hint)])
    return load_rubric(named[0][2])


_CARRIED: Final = (
    "The other ratings are carried over by this line, as if the committee decided on what it rated."
    " Where it decided on more than that, the curve is too flat."
)


def _cross(scores: Scores, proven: Scores) -> tuple[Scores, str]:
    """Return proven totals where they are known, else ratings carried over; and say how."""
    from pmpromo.readiness import build_bridge  # noqa: PLC0415 - numpy sleeps until asked

    bridge = build_bridge(scores, proven)
    ids = scores.packet_ids or ()
    known = frozenset(proven.packet_ids or ())
    own = proven.select(packet for packet in ids if packet in known)
    carried = bridge.convert(scores.select(packet for packet in ids if packet not in known))
    return (own + carried).select(ids), "\n".join(write_wrapped(f"{bridge} {_CARRIED}", WIDTH))


def _read_rate(options: argparse.Namespace) -> Prior | None:
    from pmpromo.readiness import Prior  # noqa: PLC0415 - numpy sleeps until asked

    return None if options.rate is None else Prior(options.rate, options.rate_kind)


def _measure(options: argparse.Namespace) -> Answer:
    from pmpromo.decisions import read_decisions  # noqa: PLC0415 - as below
    from pmpromo.readiness import measure_reliability  # noqa: PLC0415 - numpy sleeps until asked

    model = load_model(options.model)
    rubric = _load_rubrics(options) if options.rubric else _load_bound(model)
    for each in rubric.values() if isinstance(rubric, dict) else [rubric]:
        model.find_group(each)
    decisions = read_decisions(options.decisions, rubric, group=options.group)
    groups = decisions.groups if model.groups else None
    forecast = model.predict(decisions.scores, groups)
    measured = measure_reliability(forecast.probability, decisions.promoted)
    return Answer(f"{measured}\n\n{_tell_drift(model, decisions)}")


def _load_bound(model: ReadinessModel) -> Rubric | dict[str, Rubric]:
    """Return the shipped rubrics that a model is bound to."""
    bound = {binding.transition: binding.rubric_id for binding in model.bindings}
    if not bound or not set(bound.values()) <= {*shipped_rubrics()}:
        hint = "give --rubric; only shipped ones are found by their id"
        raise ModelError([Problem("model", "its rubric is not known here", hint)])
    found = {name: load_rubric(rubric) for name, rubric in bound.items()}
    return found.get(None) or {str(name): rubric for name, rubric in found.items()}


def _tell_drift(model: ReadinessModel, decisions: Decisions) -> str:
    """Say whether the committee has changed, if these decisions are new and in order of time."""
    groups = decisions.groups if model.groups else None
    drift = model.watch(decisions.scores, decisions.promoted, groups)
    largest = max(drift.evalues)
    most = f"{largest:.1f}" if largest <= MOST_TOLD else f"more than {MOST_TOLD:,}"
    told = f"Evidence of a changed committee: at most {most} to 1; the alarm is at 20."
    if drift.first_alarm is not None:
        line = decisions.lines[drift.first_alarm]
        told += f" It was passed at line {line}: fit the model again, on newer decisions."
    return "\n".join(write_wrapped(told.replace("at most more", "more"), WIDTH))
