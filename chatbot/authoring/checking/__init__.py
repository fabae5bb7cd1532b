"""Checking knowledge: what an author is told of files that load, and of those that don't."""
