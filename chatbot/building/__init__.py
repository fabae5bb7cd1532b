"""What is made once of the files, and kept."""
