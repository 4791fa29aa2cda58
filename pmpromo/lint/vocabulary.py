"""Words that two readers read differently, each with the question that it leaves open."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["INNER", "VAGUE"]

VAGUE: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                *("broad", "broader", "broadly", "complex", "considerable", "considerably"),
                *("deep", "deeper", "deeply", "extensive", "extensively", "great", "greatly"),
                *("high", "highly", "huge", "large", "larger", "major", "minor", "significant"),
                *("significantly", "small", "strong", "strongly", "substantial", "substantially"),
            ),
            "how much?",
        ),
        **dict.fromkeys(
            (
                *("consistently", "constantly", "continually", "frequently", "generally"),
                *("occasionally", "often", "rarely", "regularly", "sometimes", "typically"),
                "usually",
            ),
            "how often?",
        ),
        **dict.fromkeys(
            (
                *("etc", "few", "key", "many", "most", "multiple", "numerous", "several", "some"),
                "various",
            ),
            "which, and how many?",
        ),
        **dict.fromkeys(
            (
                *(
                    "appropriate",
                    "appropriately",
                    "best",
                    "better",
                    "clear",
                    "clearly",
                    "effective",
                ),
                *("effectively", "efficient", "efficiently", "excellent", "good", "meaningful"),
                *("proactive", "proactively", "proper", "properly", "quality", "reasonable"),
                *("relevant", "robust", "solid", "successful", "successfully", "suitable"),
            ),
            "by what would one tell?",
        ),
        **dict.fromkeys(
            ("recognised", "recognized", "respected", "trusted", "valued"), "by whom, and when?"
        ),
        **dict.fromkeys(("quickly", "timely", "soon", "promptly", "fast"), "within what time?"),
    }
)
"""Of 287 cells of four real ladders 136 hold a word of this sort, and 14 a digit."""

INNER: Final = frozenset(
    (
        *("appreciates", "aware", "awareness", "believes", "cares", "comprehends", "curious"),
        *("enthusiastic", "familiar", "feels", "grasps", "knowledge", "knows", "mindset"),
        *("passion", "passionate", "thinks", "understand", "understanding", "understands", "wants"),
    )
)
"""What goes on inside somebody: an observer sees what they do with it."""
