"""How data sets are asked for, and the sentences that tell them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chatbot.knowledge.basics import CitationSpec, Id, Question, Text, told


class LookupSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """A way of asking for what is looked up, and the sentences that tell it."""

    id: Annotated[Id, told("The lookup's name, once in the pack.", "typical-pay")]
    question: Annotated[
        Question,
        told(
            "The main question, with the entity's name ({occupation}), {other} and {place} in braces.",
            "What does a {occupation} earn in {place}?",
        ),
    ]
    dataset: Annotated[
        Id | None,
        told(
            "The data set that it tells; it may be left out where only one of the pack has what `by` says.",
            "pay-and-employment",
        ),
    ] = None
    example: Annotated[
        str,
        told(
            "The titles that fill {occupation} and {other} where the question is shown, with a comma between."
        ),
    ] = ""
    kind: Annotated[
        Literal["figures", "comparison", "ranking", "facts", "amount"],
        told(
            "`figures`: numbers of one entity; `comparison`: with another; `ranking`: a list in order; `facts`: a text, a list, shares or ratings; `amount`: where an "
            "amount that the question names ({amount}) lies among percentiles ({placed})."
        ),
    ]
    measure: Annotated[
        Id | None,
        told("Lookups of one measure are one when questions are matched; the words choose among them."),
    ] = None
    statistic: Annotated[
        list[str],
        told("The names under `words` in the data set that choose this lookup within its measure.", ["low"]),
    ] = []
    only_with: Annotated[
        list[str],
        told("Names under `words` in the data set of which a question must say at least one.", ["places"]),
    ] = []
    by: Annotated[
        str | None,
        told(
            "What is told, compared or put in order: a measure of the data set, a statistic, or measure.statistic; without it, the default one. Of a "
            "crosswalk, the name of the other entity.",
            "employment",
            "p10",
            "pay.median",
        ),
    ] = None
    across: Annotated[
        Literal["occupations", "places"],
        told("What is compared, or put in order: `occupations` stands for any entity."),
    ] = "occupations"
    level: Annotated[
        str,
        told(
            "Of a list of places: the level of the places, where it is not the first one below the country; a list of places within others names those "
            "that the question names.",
            "metropolitan area",
        ),
    ] = ""
    order: Annotated[Literal["highest", "lowest"], told("Which end of the list is told.")] = "highest"
    against_whole: Annotated[bool, told("Whether an occupation is compared with all occupations.")] = False
    whole: Annotated[bool, told("Whether it is asked for all occupations together, without naming one.")] = (
        False
    )
    most: Annotated[int, Meta(ge=1, le=20), told("How many are told.", 5)] = 5
    joined: Annotated[
        Literal["list", "sentences"], told("How texts are joined: a, b and c; or as sentences.")
    ] = "list"
    says: Annotated[
        Text,
        told(
            "The answer: {occupation}, {place}, {period}, {items}, and figures such as {median}, {median_full}, {p10}, {employment}; {value} and "
            "{value_full} are what `by` says.",
            "In {place} the median pay of {occupation} was {median_full} in {period}.",
        ),
    ]
    elements: Annotated[
        list[str],
        told("Of ratings or shares: these alone are told, in this order.", ["time pressure"]),
    ] = []
    followed_by: Annotated[
        list[str],
        told(
            "Ids of lookups of facts or figures in the pack, or pack/id in another one, whose sentences about the same follow this one's; those that have "
            "nothing on it, or are not loaded, are left out.",
            ["training", "us-occupations/pay-range"],
        ),
    ] = []
    at_a_glance: Annotated[
        bool,
        told(
            'Whether it is told where a question says nothing but the name of one entity: "nurse", "tell me about nurses".'
        ),
    ] = False
    brief: Annotated[
        str,
        told("`says` in fewer words, for where it follows the sentence of another lookup."),
    ] = ""
    page: Annotated[
        str,
        told(
            "The address of what is said of one entity, in place of the source's: {code}, and lists and texts of the data set by their names. "
            "Where one of them is not there, the source's address stands.",
            "https://example.org/bees/{code}",
        ),
    ] = ""
    item: Annotated[
        str,
        told(
            "One row inside {items}; without it, the entity's name and {figure}.",
            "{occupation} {figure}",
            "{place}, {figure}",
        ),
    ] = ""
    missing: Annotated[
        Text,
        told(
            "What is said where the figure or the facts are not published.",
            "The pay of {occupation} in {place} is not published.",
        ),
    ]
    citations: Annotated[list[CitationSpec], told("Who says so: at least one source, with its section.")]
    phrasings: Annotated[
        list[Question],
        told("Other ways to ask, with the braces of the question.", ["{occupation} salary in {place}"]),
    ] = []
    follow_ups: Annotated[
        list[str], told("Ids of lookups or entries that a reader would ask for next.", ["pay-range"])
    ] = []
