"""Talking HTTP: parse, gate, call one action or query, answer."""
