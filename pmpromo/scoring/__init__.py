"""Nouns to numbers: facts become intervals, intervals become scores, distances become gaps."""
