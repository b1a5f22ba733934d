//! Dispatcher, Conference and Hub: the actors that own live calls.
