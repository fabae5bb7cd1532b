"""Other names of columns and keys, as they are found in the exports of other programs."""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Sequence

_OTHER = {
    "question": "q questions title_question main_question faq_question faq_questions faq user_question prompt query",
    "answer": "a answers response responses accepted_answer reply replies faq_answer faq_answers answer_text",
    "phrasings": "phrasing alternate_questions alternative_questions alternate_question alternative_question alternate_phrasings "
    "alternative_phrasings alternates alternatives alternate_name alternatename question_variants variants variations paraphrases "
    "synonyms utterances utterance similar_questions similar_question other_questions other_question alt_questions alt_question alt_q "
    "additional_questions additional_question related_utterances training_phrases example_questions patterns",
    "topic": "category categories tag tags group theme subject topic_id",
    "topic_title": "topic_name category_title category_name",
    "id": "entry_id faq_id question_id qna_id qnaid qid key slug",
    "source": "source_id citation cited_source",
    "source_title": "source_name",
    "url": "link source_url source_link href",
    "published": "date_published datepublished published_at publication_date",
    "section": "heading chapter",
    "follow_ups": "followups follow_up next",
    "licence": "license",
}
_INSTEAD = {
    "question": "question_text faq_title article_title post_title title name heading summary subject instruction input",
    "answer": "answer_body answer_html faq_content article_body post_content body content text description solution details completion output",
}
"""Names that mean a question or an answer only where nothing else does."""
SEVERAL = frozenset(["questions", "faq_questions"])
"""Names that say that there are several questions in one place."""
_NAMES = {other: name for name, others in _OTHER.items() for other in others.split()}


@functools.lru_cache(4096)
def folded(name: str) -> str:
    """A name in small letters with underscores."""
    return re.sub(r"[\s_./-]+", "_", name.strip()[:200].lower()).strip("_")


def canonical(name: str, known: Container[str]) -> str:
    """The field that a column's or key's name means, also with a number at its end (``Question 2``); where it
    means none, the name itself in small letters with underscores."""
    plain = folded(name)
    for form in (plain, re.sub(r"_?\d{1,3}$", "", plain)):
        if form in known or form in _NAMES:
            return _NAMES.get(form, form) if form not in known else form
    return plain


def instead(names: Sequence[str], field: str) -> int | None:
    """Which of the names means a question or an answer where none says so: one that ends in that word (``Our
    answer``), else one that may stand for it."""
    plain = [folded(name) for name in names]
    ending = [at for at, name in enumerate(plain) if re.search(rf"_{field}s?$", name)]
    if len(ending) == 1:
        return ending[0]
    return next((plain.index(name) for name in _INSTEAD[field].split() if name in plain), None)
