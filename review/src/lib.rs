//! The record: sources, documents, passages, runs and matches, in SQLite
