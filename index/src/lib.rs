//! Passages to candidates: lexical and semantic retrieval
