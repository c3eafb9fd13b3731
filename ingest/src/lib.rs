//! Bytes of a file to a document with facts and passages
