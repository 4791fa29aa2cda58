"""The stages of scoring as loops over rows, for a compiler; without one they are slow but right.

They do what the arrays of `batch` do, in the same order, so the bits are the same. A compiler takes
each of them as it stands: no loop calls another, and all that they look up is handed to them.
"""
