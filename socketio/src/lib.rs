//! Engine.IO 4 and Socket.IO 5 servers inside actix-web, and a server of actix-web's parts from which WebSockets go their own way.
//!
//! request → [`engine`]: a session over long polling or WebSocket → [`socket`]: namespaces → the owner's [`Handler`];
//! the owner → [`Client`] → the session → its transport
//!
//! Clients are those of `socket.io-client` 4 and of anything that keeps to the
//! [Engine.IO](https://socket.io/docs/v4/engine-io-protocol/) and
//! [Socket.IO](https://socket.io/docs/v4/socket-io-protocol/) protocols. This crate knows nothing of what they talk about: an
//! owner implements [`Handler`], mounts a [`SocketIo`] on each worker's app, and keeps the [`Client`]s that it is told of.
//!
//! # How it is used
//! 1. [`SocketIo::start`] with a [`Config`] and a [`Handler`], once, on an arbiter that lives as long as the server.
//! 2. [`SocketIo::configure`] in each worker's app, and [`wire::listen`] to serve it.
//! 3. [`Handler::connect`] lets a client into a namespace, or refuses it with a message and data that its `connect_error`
//!    shows. [`Handler::connected`], [`Handler::event`] and [`Handler::disconnected`] tell what happens to it.
//! 4. What goes to many is written once, by [`encode::event`], and given to each by [`Client::try_emit`], which never waits.
//!    [`Rooms`] keeps who is to get what, and says whom a broadcast did not reach.
//! 5. A client that is [`SendError::Full`] does not read: [`Client::let_go`].
//! 6. [`SocketIo::close`] ends all sessions, for a shutdown.
//!
//! # How it works
//! - A **session** is a pure machine ([`engine::Session`]): what comes in, what follows, time passed in. What waits for a client
//!   waits in it, bounded, and both transports take from there; so an upgrade neither loses nor reorders anything.
//! - A **WebSocket** is an actor (actix-web-actors) that carries: whenever it is woken, all that waits goes into one write. The
//!   bytes of an event are shared until they are copied into that write. Under [`wire::listen`] it has its connection to itself
//!   as soon as the handshake is answered; under another server of actix-web's it is the body of an answer that does not end.
//! - A **jammed** WebSocket is never polled, so nothing that matters depends on it: the heartbeat of all sessions is one task
//!   beside the actors, sends are refused when too much waits, and letting go empties the session at once. The connection
//!   itself is given up by the kernel; set `TCP_USER_TIMEOUT` on connections ([`wire::Config::prepare`]),
//!   and `TCP_NODELAY`, without which events wait for acknowledgements of those before them.
//! - A **client** costs some 4 KiB here, under [`wire::listen`]; under another server also the dispatcher that actix-web has for
//!   each connection, with two buffers of 8 KiB, of which what was never touched need not be in memory.
//! - **Limits**: sessions, what waits for each client, bodies and messages, attachments of a packet, acknowledgements waited
//!   for, and the time for everything.
//! - **Metrics** (`metrics`): `socketio_sessions` by transport, `socketio_sessions_ended_total` by reason,
//!   `socketio_upgrades_total`, `socketio_messages_received_total`, `socketio_packets_sent_total`,
//!   `socketio_sends_refused_total`.
//!
//! # What it does not do
//! No Engine.IO 3, no JSONP, no WebTransport, no compression of WebSockets, no recovery of a session's state, no adapters for
//! several servers: sessions live in this process, and a balancer in front must keep a client with one.
//!
//! [`Client`]: socket::Client
//! [`Client::let_go`]: socket::Client::let_go
//! [`Client::try_emit`]: socket::Client::try_emit
//! [`Config`]: socket::Config
//! [`Handler`]: socket::Handler
//! [`Handler::connect`]: socket::Handler::connect
//! [`Handler::connected`]: socket::Handler::connected
//! [`Handler::disconnected`]: socket::Handler::disconnected
//! [`Handler::event`]: socket::Handler::event
//! [`Rooms`]: socket::Rooms
//! [`SendError::Full`]: engine::SendError::Full
//! [`SocketIo`]: socket::SocketIo
//! [`SocketIo::close`]: socket::SocketIo::close
//! [`SocketIo::configure`]: socket::SocketIo::configure
//! [`SocketIo::start`]: socket::SocketIo::start
//! [`encode::event`]: socket::encode::event

pub mod engine;
pub mod socket;
pub mod wire;
