"""Looking: rows with stated loads, or a frozen page. Nothing here writes."""
