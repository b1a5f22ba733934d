//! Against a real server, which `TSUNAGU_TEST_NATS_SERVER` names.

#[cfg(test)]
mod credentials;
#[cfg(test)]
mod office;
#[cfg(test)]
#[path = "../../../tests/system/port.rs"]
mod port;
#[cfg(test)]
mod server;
#[cfg(test)]
mod telling;
