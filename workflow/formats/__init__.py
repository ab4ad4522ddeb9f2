"""One publication in each of its public forms."""
