//! A carrier that does what a test tells it to.
