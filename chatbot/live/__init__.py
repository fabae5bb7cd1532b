"""A bot in the hands of a face: its settings, loading and reloading, and what was asked of it."""
