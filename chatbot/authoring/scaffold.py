"""The text of new knowledge: whole files with a word of explanation at each key, and single items to be added
to a list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from chatbot.knowledge.writing import dump, without_empty

_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_IN_WORDS = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_WORD = re.compile(rf"\b({'|'.join(_IN_WORDS)})\b", re.I)

_VOWEL = re.compile(r"[aio]|e(?!u)|u(?=[lmp]|n(?!i))|[AEFHILMNORSX](?=[A-Z])")
"""What a title begins with where "an" goes before it: "an HR manager", but "a UX designer"."""

_PACK = """\
# What the pack {id} is about. Its entries are in the other files of this folder, one file for each topic.

# The folder's name.
{id_line}
{title_line}
# Ends the sentence "I can answer questions about ...".
{about_line}
# The occupation's names, the usual one first; [] where the pack is about many occupations.
{role_line}
# Other occupations and fields that belong to the subject, so that a question that names one is not taken for
# another career.
# own_terms: [pastry chef, milling]

# Topics of fixed replies (`about` of an intent) that this pack does answer; those replies are switched off.
# covers: [visas and work permits]

# Entries that are shown as examples of what to ask.
# try_asking: [start]
"""

_SOURCES = """\
# Who is cited. An entry names a source by its id. `chatbot new source NAME` adds one; all keys:
#
#   - id: annual-report                      lower-case letters and digits in words joined by hyphens
#     title: The annual report
#     publisher: Guild of Bakers             who says it; also: author
#     published: 2025-03-01                  or 2025-03, "2025" in quotes, or undated
#     url: https://example.org/report        printed with the answer
#     note: sells courses                    an interest worth knowing; printed with every answer
#     retrieved: 2025-06-30                  for the record, as are licence, and kind: article or statistics
"""

_LANGUAGE = """\
# Words that the bot understands for what they stand for. All files of this folder but sources.yaml are read
# alike.

# Short forms; case and dots do not matter.
# abbreviations:
#   AHB: African honey bee

# What a question may ask for, by the words for it; `none` marks words that only look as if they did.
facets:
  asks:
    pay: [salary, salaries, pay, pays, earn, earns, earned, earning, earnings, wage, wages, income, how much money]
    price: [cost, costs, price, prices, fee, fees, tuition, expensive, cheap, afford]
    duration: [how long, how many years, how many months, duration]
    none: [pay attention, pay off, pays off, pay for itself]
  # level:
  #   apprentice: [apprentice, learner, trainee]

# A question that asks for one of these is answered only by an entry that speaks of it. Without this, the
# nearest entry of a small pack
# may answer "what does a baker earn" with something else.
strict: [asks]

# Job titles and fields that are other subjects: a question that names one is not answered from a pack that
# does not.
# occupations: [nurse, teacher]
# fields: [law]
"""

_TOPIC = """\
# `chatbot new entry PACK/NAME` adds an entry. It may also have, beside the keys below:
#   follow_ups: [id]                ids of what a reader would ask next
#   scope: {country: US}            what the fact holds for alone
#   as_of: "2024"                   the period that the fact speaks of, or undated
#   disagrees_with: [id]            ids of entries that tell it differently
#   brief: One sentence.            shown where the entry stands beside another
"""

_SHELF_LIFE = "# After so many years the reply says that an answer is old.\n# shelf_life_years: 3\n"

_INTENTS = """\
# Fixed replies: to small talk, to what is refused, and to topics that are not covered. `chatbot new intent
# NAME` adds one.
# Filled in: {about}, {topics}, {sources} (a number), {try_asking}.

# false: only used beside the knowledge that comes with the program.
neutral: true
"""


def modeline(schema: str, folder: str) -> str:
    """The first line of a file, by which an editor finds the schema: ``folder`` as seen from the file, such
    as ``../.schema``."""
    return f"# yaml-language-server: $schema={folder}/{schema}.schema.json\n"


def pack_file(name: str, title: str, about: str, roles: Sequence[str]) -> str:
    """A new ``pack.yaml``."""
    lines = {
        "id_line": {"id": name},
        "title_line": {"title": title},
        "about_line": {"about": about},
        "role_line": {"role": list(roles)},
    }
    return modeline("pack", "../.schema") + _PACK.format(
        id=name, **{key: dump(value) for key, value in lines.items()}
    )


def sources_file(items: str = "") -> str:
    """A new ``sources.yaml``."""
    return modeline("sources", ".schema") + _SOURCES + _list("sources", items)


def language_file() -> str:
    """A new ``language.yaml``, with what keeps a small pack from answering beside the point."""
    return modeline("language", ".schema") + _LANGUAGE


def topic_file(topic: str, items: str) -> str:
    """A new topic file with its first entry."""
    head = dump({"topic": topic, "title": title_of(topic)})
    return modeline("topic", "../.schema") + _TOPIC + head + _SHELF_LIFE + _list("entries", items)


def intents_file(items: str) -> str:
    """A new file of intents."""
    return modeline("intents", ".schema") + _INTENTS + _list("intents", items)


def _list(key: str, items: str) -> str:
    return f"{key}:\n{_indented(items)}" if items else f"{key}: []\n"


def _indented(text: str) -> str:
    return "".join("  " + line for line in text.splitlines(keepends=True))


def source_item(name: str, given: Mapping[str, str]) -> str:
    """A source, as an item of the list ``sources``."""
    return dump([{"id": name} | without_empty(given)])


def entry_item(name: str, given: Mapping[str, str], phrasings: Sequence[str]) -> str:
    """An entry, as an item of the list ``entries``; the numbers in its answer are declared as figures of its
    source."""
    citation = without_empty(
        {"source": given["source"], "section": given["section"], "figures": figures(given["answer"])}
    )
    told: dict[str, Any] = {
        "id": name,
        "question": given["question"],
        "answer": given["answer"],
        "citations": [citation],
    }
    if phrasings:
        return dump([told | {"phrasings": list(phrasings)}])
    return dump([told]) + "  phrasings: []  # 15 to 40 other ways to ask: terse, chatty, indirect\n"


def intent_item(name: str, kind: str, reply: str, examples: Sequence[str]) -> str:
    """An intent, as an item of the list ``intents``; a topic that is not covered is named after it."""
    about = {"about": name.replace("-", " ")} if kind == "unknown" else {}
    return dump([{"id": name, "kind": kind} | about | {"replies": [reply], "examples": list(examples)}])


def figures(answer: str) -> list[str]:
    """The numbers in an answer, as they stand there: in digits, and in words from one to twelve; each once."""
    found = [
        (match.start(), match.group()) for pattern in (_NUMBER, _WORD) for match in pattern.finditer(answer)
    ]
    return list(dict.fromkeys(text.lower() for _, text in sorted(found)))


def title_of(name: str) -> str:
    """A title made of an id: ``bread-and-rolls`` gives "Bread and rolls"."""
    words = name.replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def in_sentence(title: str) -> str:
    """A title as it stands inside a sentence: in small letters, but for words in capitals ("UX designer")."""
    return " ".join(word if len(word) > 1 and word.isupper() else word.lower() for word in title.split())


def about_of(title: str) -> str:
    """What a pack of this title is about, where its author says nothing else."""
    name = in_sentence(title)
    return f"being {'an' if _VOWEL.match(name) else 'a'} {name}"


def id_of(text: str) -> str:
    """The id that is nearest to a text; empty where it holds no Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))
