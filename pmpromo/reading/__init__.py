"""Text to nouns: one hardened reader for YAML and JSON."""
