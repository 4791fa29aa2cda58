"""A plugin that takes the surrounding locale for numbers, dates and sorting too.

Python by itself takes it for characters alone; a program that embeds pmpromo may take all of it.
"""

import locale


def pytest_configure() -> None:
    """Speak the language of the surroundings."""
    locale.setlocale(locale.LC_ALL, "")
