"""Knowledge bases in PostgreSQL, with pgvector and pg_trgm: pushed by one program, read by any number of
others; needs the extra ``postgres``."""
