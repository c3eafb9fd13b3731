"""A folder of made-up evidence: what a document says (`plan`, `prose`, `words`), and one writer for each format."""
