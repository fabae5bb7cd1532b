"""Stage 2: a message in the light of those before it."""
