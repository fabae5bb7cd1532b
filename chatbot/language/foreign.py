"""Whether a question is in another language than English: asked only of what nothing matched, so it may take
its time."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

from chatbot.language.normalise import simple_words
from chatbot.language.words import english
from chatbot.policy import policy

LANGUAGES = "ar cs da de el en es fi fr he hi hu id it ja ko nl no pl pt ro ru sv tr uk vi zh".split()  # noqa: SIM905


def is_foreign(text: str) -> bool:
    """Whether a (cleaned) question of at least two words, or in another script, is not in English."""
    letters = [c for c in text if c.isalpha()]
    if letters and sum(not unicodedata.name(c, "").startswith("LATIN") for c in letters) > len(letters) / 2:
        return True
    words = [word for word in simple_words(text) if word.isalpha() and len(word) > 1]
    numbers = policy().reading
    if len(words) < 2 or sum(word in english() for word in words) > numbers.english_share * len(words):
        return False
    language, sure = _identifier().classify(text)
    return bool(language != "en" and sure >= numbers.foreign_sure)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # takes a second, and few questions need it

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
