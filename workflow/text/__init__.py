"""Words: markup, digests, comparison, ordering, reading what people typed. No database, no web."""
