"""Other names of columns and keys, as they are found in the exports of other programs."""

from __future__ import annotations

import re
from collections.abc import Container

_OTHER = {
    "question": "q questions title_question main_question faq_question faq prompt query",
    "answer": "a answers response accepted_answer reply faq_answer answer_text",
    "phrasings": "phrasing alternate_questions alternative_questions alternate_question alternative_question alternate_phrasings "
    "alternative_phrasings alternates alternatives alternate_name alternatename question_variants variants variations paraphrases "
    "synonyms utterances similar_questions other_questions",
    "topic": "category categories tag tags group theme subject topic_id",
    "topic_title": "topic_name category_title category_name",
    "id": "entry_id faq_id question_id key slug",
    "source": "source_id citation cited_source",
    "source_title": "source_name",
    "url": "link source_url source_link href",
    "published": "date_published datepublished published_at publication_date",
    "section": "heading chapter",
    "follow_ups": "followups follow_up next",
    "licence": "license",
}
_NAMES = {other: name for name, others in _OTHER.items() for other in others.split()}


def canonical(name: str, known: Container[str]) -> str:
    """The field that a column's or key's name means; where it means none, the name itself in small letters
    with underscores."""
    plain = re.sub(r"[\s_./-]+", "_", name.strip()[:200].lower()).strip("_")
    return plain if plain in known else _NAMES.get(plain, plain)
