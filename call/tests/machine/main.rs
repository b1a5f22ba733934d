//! The call machine, played: stories that each tell one call, and random schedules of everything a carrier may do.

#[cfg(test)]
mod advice;
#[cfg(test)]
mod bridging;
#[cfg(test)]
mod carrier;
#[cfg(test)]
mod doubts;
#[cfg(test)]
mod ends;
#[cfg(test)]
mod handovers;
#[cfg(test)]
mod heirs;
#[cfg(test)]
mod news;
#[cfg(test)]
mod recordings;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod supervision;
#[cfg(test)]
mod talks;
#[cfg(test)]
mod world;
