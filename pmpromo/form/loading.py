"""The way in for a packet in a file, whatever kind of file it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pmpromo.errors import PacketError
from pmpromo.form.reading import read_form
from pmpromo.reading import library
from pmpromo.reading.files import read_name

if TYPE_CHECKING:
    import os

    from pmpromo.packet import Packet

__all__ = ["load_packet"]


def load_packet(source: str | os.PathLike[str]) -> Packet:
    """Return the packet in a file (.yaml, .yml, .json; .xlsx with ``pmpromo[excel]``).

    Raises `PacketError` with every problem of the file, each at its line and column, or at its cell
    as ``packet.xlsx!evidence!B3``. A workbook is one that `write_form` made.

    >>> load_packet("no-such-packet.yaml")
    Traceback (most recent call last):
        ...
    pmpromo.errors.PacketError: no-such-packet.yaml: no such file
    """
    name = read_name(source, PacketError)
    if Path(name).suffix.lower() == ".xlsx":
        return read_form(name)
    return library.load_packet(source)
