//! Live calls under test: the actors, a store that can fail, a carrier that writes down what it is told, and a clock that
//! the test moves. Everything runs on one thread.

#[cfg(test)]
mod bus;
#[cfg(test)]
mod campaigns;
#[cfg(test)]
mod deliveries;
#[cfg(test)]
mod doubts;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod exchange;
#[cfg(test)]
mod faulty_store;
#[cfg(test)]
mod handovers;
#[cfg(test)]
mod inheritance;
#[cfg(test)]
mod nodes;
#[cfg(test)]
mod presence;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod readiness;
#[cfg(test)]
mod recordings;
#[cfg(test)]
mod screen;
#[cfg(test)]
mod sharing;
#[cfg(test)]
mod shutdown;
#[cfg(test)]
mod signing_out;
#[cfg(test)]
mod speech;
#[cfg(test)]
mod starting;
#[cfg(test)]
mod takeovers;
#[cfg(test)]
mod watching;
#[cfg(test)]
mod world;
