"""Doing: each public function is one transaction."""
