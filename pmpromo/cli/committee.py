"""`pmpromo committee`: who is severe, who agrees, what an average committee would give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.booklet import write_session_page
from pmpromo.cli.answer import Answer
from pmpromo.committee import CommitteeModel, fit_committee, measure_agreement, read_ratings
from pmpromo.errors import DataError, Problem
from pmpromo.reading.files import open_regular
from pmpromo.reading.places import display

if TYPE_CHECKING:
    import argparse

    from pmpromo.committee import Ratings

__all__ = ["add_committee"]

POINTS: Final = (0, 4)
"""The rating scale of rubrics."""
LARGEST_MODEL: Final = 100_000_000
"""Bytes of a saved model that are read at all, as of a file of ratings."""


def add_committee(parser: argparse.ArgumentParser) -> None:
    """Say which ratings to read, on which scale, and for whom to write."""
    parser.add_argument(
        "ratings", metavar="RATINGS", help="CSV: packet_id, criterion, rater_id, rating"
    )
    parser.add_argument(
        "--scale",
        nargs=2,
        type=int,
        default=POINTS,
        metavar=("LOW", "HIGH"),
        help="the lowest and the highest point that can be given; default: 0 4",
    )
    parser.add_argument(
        "--anchors", metavar="MODEL", help="last cycle's model, to keep its scale of severity"
    )
    parser.add_argument(
        "--agreement", action="store_true", help="how far raters agree, instead of a model"
    )
    parser.add_argument("--format", choices=("text", "json", "html"), default="text")
    parser.add_argument(
        "--bar", type=float, metavar="POINTS", help="with html: which packets cross it come first"
    )
    parser.add_argument(
        "--all", action="store_true", help="with html: every packet, not those that moved most"
    )
    parser.set_defaults(run=_review)


def _review(options: argparse.Namespace) -> Answer:
    ratings = read_ratings(options.ratings, scale=tuple(options.scale))
    if options.agreement:
        return Answer(str(measure_agreement(ratings)))
    model = _fit(ratings, options.anchors)
    if options.format == "json":
        return Answer(model.to_json(), for_programs=True)
    if options.format == "html":
        return Answer(_write_page(model, options), for_programs=True)
    return Answer(str(model))


def _write_page(model: CommitteeModel, options: argparse.Namespace) -> str:
    return write_session_page(model, bar=options.bar, complete=options.all).rstrip()


def _fit(ratings: Ratings, anchors: str | None) -> CommitteeModel:
    if anchors is None:
        return fit_committee(ratings)
    return fit_committee(ratings, anchors=_load(anchors))


def _load(path: str) -> CommitteeModel:
    found = open_regular(path, LARGEST_MODEL)
    if isinstance(found, Problem):
        raise DataError([Problem(display(path), found.message, "give a readable file")])
    with found as file:
        return CommitteeModel.from_json(file.read())
