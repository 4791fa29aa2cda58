"""The packet as a workbook to fill in: written with drop-downs, read back cell by cell."""

from pmpromo.form.loading import load_packet
from pmpromo.form.writing import write_form

__all__ = ["load_packet", "write_form"]
