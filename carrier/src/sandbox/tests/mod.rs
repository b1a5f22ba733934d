//! The sandbox as a program sees it: over real sockets, with an application that answers its webhooks.

mod calls;
mod conferences;
mod faults;
mod queues;
mod refusals;
mod relays;
mod sockets;
mod streams;
mod verbs;
mod world;
