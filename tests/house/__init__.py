"""Tests of the house itself: one rule a file."""
