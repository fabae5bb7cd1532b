"""Lists, charts and texts as a terminal shows them."""
