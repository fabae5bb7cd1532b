"""Tools of those who write the knowledge."""
