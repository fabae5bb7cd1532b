"""How well it answers, measured; and what is fitted by it."""
