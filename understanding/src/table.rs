//! Numbers by the hash of what they belong to, as bytes that are looked up where they lie.
//!
//! How many places hashes are spread over, how many places there are, then the places, little-endian: the first 40 bits
//! of a hash and the number. They ascend, so that what is not there is soon missed. A free place is 0.

use std::borrow::Cow;
use std::hint::black_box;

/// Bytes of the program, or of a model that was just trained.
pub(super) type Bytes = Cow<'static, [u8]>;

const PLACE: usize = 8;
/// So many places are looked at at once: most searches end in the first of them.
const WINDOW: usize = 4;
/// How many bits a number has.
pub(super) const NUMBER: u32 = 24;

/// The table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    places: Bytes,
    spread: u64,
}

impl Table {
    /// The bytes of a table of these numbers below `1 << NUMBER`. One hash may have several.
    pub fn write(numbers: impl Iterator<Item = (u64, u32)>) -> Vec<u8> {
        let mut numbers: Vec<u64> =
            numbers.map(|(hash, number)| mark(hash) << NUMBER | u64::from(number)).collect();
        numbers.sort_unstable();
        let spread = numbers.len() as u64 * 10 / 7 + 1;
        let mut places: Vec<u64> = vec![0; spread as usize];
        let mut free = 0;
        for number in numbers {
            free = place(number, spread).max(free);
            if free >= places.len() {
                places.resize(free + 1, 0);
            }
            if let Some(place) = places.get_mut(free) {
                *place = number;
            }
            free += 1;
        }
        let mut bytes = Vec::with_capacity(8 + places.len() * PLACE);
        bytes.extend_from_slice(&(spread as u32).to_le_bytes());
        bytes.extend_from_slice(&(places.len() as u32).to_le_bytes());
        bytes.extend(places.iter().flat_map(|place| place.to_le_bytes()));
        bytes
    }

    /// Takes a table off the front of these bytes; none if there is none.
    pub fn read(bytes: &mut Bytes) -> Option<Self> {
        let (spread, places) = (take_number(bytes)?, take_number(bytes)?);
        let places = take(bytes, (places as usize).checked_mul(PLACE)?)?;
        Some(Table { places, spread: u64::from(spread) })
    }

    /// The first number of a hash.
    #[inline]
    pub fn get(&self, hash: u64) -> Option<u32> {
        let (places, _) = self.places.as_chunks::<PLACE>();
        let wanted = mark(hash);
        let mut from = places.get(place(hash, self.spread)..).unwrap_or_default();
        // Several places at once, as it is a matter of chance in which of them the search would end.
        while let Some((window, rest)) = from.split_first_chunk::<WINDOW>() {
            let (mut found, mut ended) = (0, false);
            for place in window.iter().rev() {
                let place = u64::from_le_bytes(*place);
                found = if place >> NUMBER == wanted { place } else { found };
                ended |= place == 0 || place >> NUMBER > wanted;
            }
            if found != 0 {
                return Some(number(found));
            }
            if ended {
                return None;
            }
            from = rest;
        }
        from.iter()
            .map(|place| u64::from_le_bytes(*place))
            .find(|place| place >> NUMBER == wanted)
            .map(number)
    }

    /// Calls the place of a hash near that is soon asked for: to wait for many together is quicker than for one after
    /// the other.
    #[inline]
    pub fn call(&self, hash: u64) {
        let (places, _) = self.places.as_chunks::<PLACE>();
        black_box(places.get(place(hash, self.spread)).map(|place| place[0]));
    }

    /// All numbers of a hash, ascending.
    #[inline]
    pub fn all(&self, hash: u64) -> impl Iterator<Item = u32> {
        let (places, _) = self.places.as_chunks::<PLACE>();
        let wanted = mark(hash);
        // A third of the places is free, so this ends soon.
        let from = places.get(place(hash, self.spread)..).unwrap_or_default();
        let run = from.iter().map(|place| u64::from_le_bytes(*place));
        let run = run.take_while(move |place| *place != 0 && place >> NUMBER <= wanted);
        run.filter(move |place| place >> NUMBER == wanted).map(number)
    }
}

/// Takes so many bytes off the front.
pub(super) fn take(bytes: &mut Bytes, count: usize) -> Option<Bytes> {
    match bytes {
        Cow::Borrowed(all) => {
            let (taken, rest) = all.split_at_checked(count)?;
            *all = rest;
            Some(Cow::Borrowed(taken))
        }
        Cow::Owned(all) => {
            let rest = all.get(count..)?.to_vec();
            all.truncate(count);
            Some(Cow::Owned(std::mem::replace(all, rest)))
        }
    }
}

/// Takes a number off the front.
pub(super) fn take_number(bytes: &mut Bytes) -> Option<u32> {
    Some(u32::from_le_bytes(*take(bytes, 4)?.first_chunk()?))
}

#[inline]
fn place(hash: u64, spread: u64) -> usize {
    (((hash >> 32) * spread) >> 32) as usize
}

/// The number in a place.
#[inline]
fn number(place: u64) -> u32 {
    place as u32 & ((1 << NUMBER) - 1)
}

/// The part of a hash that is kept; never 0.
#[inline]
fn mark(hash: u64) -> u64 {
    (hash >> NUMBER).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::hash;

    #[test]
    fn what_was_put_in_is_found_and_nothing_else() {
        let key = |index: u32| hash(9, index.to_string().chars());
        let numbers: Vec<(u64, u32)> = (0..1000).map(|index| (key(index), index)).collect();
        for owned in [false, true] {
            let mut bytes = Table::write(numbers.iter().copied().chain([(key(5), 7)]));
            bytes.extend([1, 2, 3]);
            let mut bytes = if owned { Bytes::Owned(bytes) } else { Bytes::Borrowed(bytes.leak()) };
            let table = Table::read(&mut bytes).unwrap();
            assert_eq!(*bytes, [1, 2, 3]);
            assert!((0..1000).all(|index| table.get(key(index)) == Some(index)));
            assert!((1000..9000).all(|index| table.get(key(index)).is_none()));
            assert_eq!(table.all(key(5)).collect::<Vec<_>>(), [5, 7]);
        }
        assert!(Table::read(&mut Bytes::Borrowed(&[2, 0, 0, 0, 2, 0, 0, 0, 1])).is_none());
        let empty = Table::write([].into_iter());
        assert!(Table::read(&mut Bytes::Owned(empty)).unwrap().get(7).is_none());
    }
}
