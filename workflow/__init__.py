"""Undersigned: many organisations sign one text, and exactly what they signed is published."""
