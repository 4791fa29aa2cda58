"""The door at the terminal.

Exit codes: 0 fine, 1 problems in the input, 2 usage.
"""

from pmpromo.cli.commands import main

__all__ = ["main"]
