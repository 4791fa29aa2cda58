"""Forms in which other programs meet the library's nouns."""
