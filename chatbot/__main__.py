"""``python -m chatbot``."""

from chatbot.cli.main import main

main()
