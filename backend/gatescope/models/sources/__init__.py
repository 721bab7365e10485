"""Models that are stored, shipped, drawn or given by their weights."""
