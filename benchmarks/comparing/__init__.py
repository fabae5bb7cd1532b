"""The parts of ``compare.py`` and ``report.py``. All but the pictures need the standard library only."""
