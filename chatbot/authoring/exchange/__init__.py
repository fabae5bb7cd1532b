"""Knowledge packs in and out of other formats: CSV, TSV, JSON Lines, schema.org FAQPage, and Markdown to
read.

Every format is read into and written from the same records (``record``): a pack, its sources, topics, entries
and tables, as plain fields with the names of the YAML files. ``importing`` checks them and makes a pack
folder; ``exporting`` reads one. docs/exchange.md is for users.
"""
