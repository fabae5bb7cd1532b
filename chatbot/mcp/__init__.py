"""The Model Context Protocol over stdio (``chatbot mcp``): tools by which an assistant asks, and cites what
it is told."""
