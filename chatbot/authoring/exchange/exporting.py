"""From a pack folder to a text in another format."""

from __future__ import annotations

from chatbot.authoring.exchange.delimited import write_table
from chatbot.authoring.exchange.faqout import write_html, write_json
from chatbot.authoring.exchange.lines import write_lines
from chatbot.authoring.exchange.markdown import write_markdown
from chatbot.authoring.exchange.records import Whole, records_of

WRITTEN = ("csv", "tsv", "jsonl", "html", "json", "markdown")


def export_text(whole: Whole, form: str) -> str:
    """The pack in one of the formats ``WRITTEN``; all but Markdown are read back as the same pack. Raises
    ``ChatbotError``."""
    records = records_of(whole)
    if form in ("csv", "tsv"):
        return write_table(records, form)
    if form == "jsonl":
        return write_lines(records)
    if form == "markdown":
        return write_markdown(whole)
    return (write_html if form == "html" else write_json)(whole, records)
