"""What to do next, where the distance comes from, and how sturdy a verdict is."""
