//! Documents and the journal of calls behind one trait: SQLite and memory.
