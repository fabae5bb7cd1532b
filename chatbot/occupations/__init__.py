"""Occupations: official figures by occupation and place, and what people call them."""
