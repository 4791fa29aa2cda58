"""The door for files of tables: long evidence in from CSV and Excel, frames out to them."""

from pmpromo.tables.evidence import read_evidence
from pmpromo.tables.writing import write_table

__all__ = ["read_evidence", "write_table"]
