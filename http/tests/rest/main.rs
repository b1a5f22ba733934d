//! People's requests against the whole app: real handlers, conferences and engine, a store in memory, and a carrier that
//! writes down what it is told.

#[cfg(test)]
mod access;
#[cfg(test)]
mod agents;
#[cfg(test)]
mod auth;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod callbacks;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod campaigns;
#[cfg(test)]
mod company;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod envelope;
#[cfg(test)]
mod health;
#[cfg(test)]
mod history;
#[cfg(test)]
mod invitations;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod live;
#[cfg(test)]
mod passwords;
#[cfg(test)]
mod recordings;
#[cfg(test)]
mod secrecy;
#[cfg(test)]
mod server;
#[cfg(test)]
mod slowness;
#[cfg(test)]
mod speech;
#[cfg(test)]
mod steering;
#[cfg(test)]
mod supervision;
#[cfg(test)]
mod users;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod world;
