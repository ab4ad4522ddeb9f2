"""Rows: columns, relationships (lazy="raise"), constraints and small verbs. No queries."""
