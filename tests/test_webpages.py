"""Pages with a FAQ become packs, however they are written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from exchanging import faults

from chatbot import CareerBot
from chatbot.authoring.exchange.htmltext import to_text
from chatbot.building.knowledge import load_knowledge
from chatbot.paths import shipped

# web pages

QUESTION = {"@type": "Question", "name": "Is it?", "acceptedAnswer": {"@type": "Answer", "text": "Yes."}}


def page(data: object, before: str = "", after: str = "", head: str = "") -> str:
    return f'<html lang="en"><head>{head}<script type="application/ld+json">{before}{json.dumps(data)}{after}</script></head></html>'


@pytest.mark.parametrize(
    "content",
    [
        page({"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": [QUESTION]}),
        page({"@type": ["WebPage", "FAQPage"], "mainEntity": QUESTION}),
        page([{"@type": "Thing"}, {"@type": "https://schema.org/FAQPage", "mainEntity": QUESTION}]),
        page({"@graph": [{"@type": "FAQPage", "mainEntity": [{"@id": "#q"}]}, QUESTION | {"@id": "#q"}]}),
        page({"@type": "FAQPage", "mainEntity": QUESTION | {"acceptedAnswer": [QUESTION["acceptedAnswer"]], "suggestedAnswer": {"text": "No."}}}),
        page({"@type": "FAQPage", "mainEntity": QUESTION}, "\n//<![CDATA[\n", "\n//]]>\n"),
        page({"@type": "FAQPage", "mainEntity": QUESTION}, "<!--", "-->"),
        page({"@type": "FAQPage", "mainEntity": QUESTION}).replace('"', "&quot;").replace("=&quot;application/ld+json&quot;", '="application/LD+json"'),
        page({"@type": "FAQPage", "mainEntity": QUESTION}) * 2,
        page({"@type": "FAQPage", "mainEntity": QUESTION}).replace("Yes.", "<p>Y&#101;s.</p>").replace("Is it?", "Is&nbsp;it&#63;"),
        '<div itemscope itemtype="https://schema.org/FAQPage"><div itemscope itemprop="mainEntity" itemtype="https://schema.org/Question">'
        '<h2 itemprop="name">Is <b>it</b>?</h2><div itemscope itemprop="acceptedAnswer" itemtype="https://schema.org/Answer">'
        '<div itemprop="text"><p>Yes.</div></div></div></div>',
        '<section vocab="https://schema.org/" typeof="FAQPage"><p property="mainEntity" typeof="Question"><span property="name">Is it?</span>'
        '<span property="acceptedAnswer" typeof="Answer"><span property="text">Yes.</span></span></section>',
    ],
    ids=["plain", "types", "list", "graph", "answers", "cdata", "comment", "entities", "twice", "html", "microdata", "rdfa"],
)  # fmt: skip
def test_faq_pages_of_many_makes_are_read_alike(load, entries, content: str) -> None:
    assert load(content, "bakers.html").faults == ()
    assert [(entry.question, entry.answer) for entry in entries()] == [("Is it?", "Yes.")]


def test_a_page_says_who_says_so(load, tmp_path: Path) -> None:
    head = '<meta charset="windows-1252"><title>T</title><link rel=canonical href="https://example.org/faq"><meta property="og:site_name" content="Bäcker">'
    data = {
        "@type": "FAQPage",
        "name": "Bakers &amp; bread",
        "datePublished": "2024-03-05T10:00:00Z",
        "author": {"name": "Ada"},
        "mainEntity": QUESTION,
    }
    done = load(page(data, head=head).replace('lang="en"', 'lang="de"').encode("cp1252"), "bakers.html")
    source = load_knowledge([tmp_path / "in"]).sources["bakers-bread"]
    assert (source.title, source.url, source.publisher, source.author, source.published) == (
        "Bakers & bread", "https://example.org/faq", "Bäcker", "Ada", "2024-03-05"
    )  # fmt: skip
    assert not [one for one in done.todo if one.startswith("source")]
    assert [one for one in done.todo if "language is 'de'" in one]


def test_a_broken_script_or_question_beside_good_ones_is_named(load, entries) -> None:
    bad = QUESTION | {"name": "And?", "acceptedAnswer": None}
    content = (
        page({"@type": "FAQPage", "mainEntity": [bad, QUESTION, "text"]})
        + '\n<script type="application/ld+json">{oops}</script>'
    )
    done = load(content, "bakers.html")
    assert [entry.question for entry in entries()] == ["Is it?"]
    assert [fault.partition(": not JSON")[0] for fault in faults(done)] == [
        "1: question 1: no acceptedAnswer to 'And?'",
        "1: question 3: not a Question",
        "2: this script is skipped",
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Two  words\n\nand a line", "Two words\nand a line"),
        ("<p>It depends on</p><ul><li>the town</li><li>the <b>shift</b> &amp; hours</ul><p>Ask us", "It depends on:\nthe town;\nthe shift & hours.\nAsk us"),
        ("<h3>Pay</h3><p>High.</p><script>x()</script>", "Pay:\nHigh."),
        ("One<br/>two<br>three", "One\ntwo\nthree"),
        ("A List<int> &lt;b&gt; is <foo>", "A List<int> <b> is <foo>"),
        ("R&D, 5 < 6", "R&D, 5 < 6"),
    ],
)  # fmt: skip
def test_html_becomes_text_that_reads_as_sentences(source: str, text: str) -> None:
    assert to_text(source) == text


def test_an_imported_faq_answers_a_question(load, cache: Path, tmp_path: Path) -> None:
    answers = {
        "How much honey does a hive give?": "<p>About 20 kg a year</p>",
        "Do bees sleep at night?": "Yes, inside the hive.",
    }
    questions = [
        QUESTION | {"name": name, "acceptedAnswer": {"text": text}} for name, text in answers.items()
    ]
    load(page({"@type": "FAQPage", "name": "Bees", "mainEntity": questions}), "bees.html")
    with CareerBot(knowledge=tmp_path / "in", intents=shipped("intents"), cache=cache) as bot:
        reply = bot.ask("how much honey does one hive give")
    assert (reply.kind, reply.text) == ("answer", "About 20 kg a year")
    assert reply.citations[0].title == "Bees"
