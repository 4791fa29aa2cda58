"""Canonical content and its SHA-256: the same thing always has the same digest."""

from __future__ import annotations

import hashlib
import json

__all__ = ["compute_digest", "write_canonical"]


def write_canonical(content: object) -> str:
    """Write JSON with sorted keys and no spaces; equal content gives equal text.

    >>> write_canonical({"b": 1, "a": [0.1, None]})
    '{"a":[0.1,null],"b":1}'
    """
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def compute_digest(content: object) -> str:
    """Return ``sha256:`` and the hexadecimal digest of the canonical text of `content`.

    >>> compute_digest({})
    'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'
    """
    return "sha256:" + hashlib.sha256(write_canonical(content).encode()).hexdigest()
