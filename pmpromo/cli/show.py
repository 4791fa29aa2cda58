"""`pmpromo rubrics`, `schema` and `template`: what there is, and how to begin."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pmpromo.card import write_rubric_card
from pmpromo.cli.answer import Answer, write_file
from pmpromo.errors import PmpromoError, Problem
from pmpromo.exchange.template import write_template
from pmpromo.form import write_form
from pmpromo.reading.library import load_rubric, shipped_rubrics
from pmpromo.reading.places import display
from pmpromo.schemas import DOCUMENTS, describe_document

if TYPE_CHECKING:
    import argparse

    from pmpromo.rubric import Rubric

__all__ = ["add_rubrics", "add_schema", "add_template"]


def add_rubrics(parser: argparse.ArgumentParser) -> None:
    """Say which rubric to show."""
    parser.add_argument("rubric", nargs="?", metavar="ID", help="a shipped id, or a file")
    parser.set_defaults(run=_show_rubrics)


def add_template(parser: argparse.ArgumentParser) -> None:
    """Say which rubric to print a packet for."""
    parser.add_argument("rubric", metavar="RUBRIC", help="a shipped id, or a file")
    parser.add_argument(
        "--format", choices=("yaml", "xlsx"), default="yaml", help="xlsx has drop-downs"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="the file to write")
    parser.set_defaults(run=_print_template)


def add_schema(parser: argparse.ArgumentParser) -> None:
    """Say which schema to print."""
    parser.add_argument("noun", choices=DOCUMENTS)
    parser.add_argument(
        "--rubric", metavar="ID|PATH", help="packets: list the facts this rubric asks for"
    )
    parser.set_defaults(run=_print_schema)


def _show_rubrics(options: argparse.Namespace) -> Answer:
    if options.rubric:
        return Answer(write_rubric_card(load_rubric(options.rubric)))
    return Answer("\n".join(_tell_rubric(load_rubric(name)) for name in shipped_rubrics()))


def _tell_rubric(rubric: Rubric) -> str:
    step = f"{rubric.current_level} to {rubric.target_level}"
    return f"{rubric.id}  {step}: {rubric.name} ({rubric.status})"


def _print_schema(options: argparse.Namespace) -> Answer:
    rubric = load_rubric(options.rubric) if options.rubric else None
    schema = describe_document(options.noun, rubric=rubric)
    return Answer(json.dumps(schema, indent=2, ensure_ascii=False), for_programs=True)


def _print_template(options: argparse.Namespace) -> Answer:
    rubric = load_rubric(options.rubric)
    if options.format == "yaml" and options.output is None:
        return Answer(write_template(rubric).rstrip(), for_programs=True)
    if options.output is None:
        raise PmpromoError([Problem("--output", "missing", "name the workbook to write")])
    is_form = options.format == "xlsx"
    write_file(options.output, write_form(rubric) if is_form else write_template(rubric))
    return Answer(f"The packet to fill in is {display(options.output)}.")
