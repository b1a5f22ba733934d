//! The features that the classifier knows, numbered in the order of their hashes.
//!
//! An utterance has a hundred of them, and about half are known: a processor that had to guess which would mostly
//! guess wrong. So the same steps are taken for every feature, known or not.

use super::features::Feature;

/// So many features are looked at where one should be; hardly any are crowded closer.
const WINDOW: usize = 4;

/// The features known, by number.
#[derive(Debug)]
pub(super) struct Known {
    /// Ascending, and then a window of [`Feature::MAX`].
    features: Vec<Feature>,
    /// For each value of the topmost bits the number of the first feature that has it or a greater one, and one more
    /// for the end. There are about as many values as features.
    begins: Vec<u32>,
    shift: u32,
}

impl Known {
    /// Numbers features, each given once.
    pub fn new(mut features: Vec<Feature>) -> Self {
        features.sort_unstable();
        let bits = features.len().max(2).next_power_of_two().ilog2();
        let shift = Feature::BITS - bits;
        let mut begins = Vec::with_capacity((1 << bits) + 1);
        for (number, feature) in features.iter().enumerate() {
            begins.resize(begins.len().max((feature >> shift) as usize + 1), number as u32);
        }
        begins.resize((1 << bits) + 1, features.len() as u32);
        features.resize(features.len() + WINDOW, Feature::MAX);
        Known { features, begins, shift }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.features.len() - WINDOW
    }

    /// The number of a feature, if it is known.
    pub fn number(&self, feature: Feature) -> Option<usize> {
        Some(self.place(feature)).filter(|place| *place < self.len())
    }

    /// The numbers of those features that are known, each once and ascending, and how many different ones are not.
    pub fn numbers(&self, features: &[Feature]) -> (Vec<u32>, usize) {
        let unknown = self.len();
        let mut set = vec![0_u64; unknown / 64 + 1];
        let mut others = vec![0; features.len()];
        let mut count = 0;
        for feature in features {
            let place = self.place(*feature);
            if let (Some(word), Some(other)) = (set.get_mut(place / 64), others.get_mut(count)) {
                *word |= 1 << (place % 64);
                *other = *feature;
            }
            count += usize::from(place == unknown);
        }
        if let Some(word) = set.last_mut() {
            *word &= !(1 << (unknown % 64));
        }
        (members(&set), different(others.get(..count).unwrap_or_default()))
    }

    /// The number of a feature, or the next after all numbers.
    #[inline]
    fn place(&self, feature: Feature) -> usize {
        let top = (feature >> self.shift) as usize;
        let bound = |index: usize| self.begins.get(index).map_or(0, |begin| *begin as usize);
        let (begin, end) = (bound(top), bound(top + 1));
        let near = self.features.get(begin..).unwrap_or_default();
        let less = match near.first_chunk::<WINDOW>() {
            Some(window) if end - begin <= WINDOW => {
                window.iter().map(|known| usize::from(*known < feature)).sum()
            }
            _ => near.partition_point(|known| *known < feature),
        };
        let is_known = near.get(less) == Some(&feature);
        if is_known { begin + less } else { self.len() }
    }
}

/// The members of a set of numbers, given bit by bit, ascending.
fn members(set: &[u64]) -> Vec<u32> {
    // The places of the words that hold any, of which there are few: each is written, and stays if the next is not
    // written over it.
    let mut places = vec![0; set.len()];
    let mut count = 0;
    for (index, word) in (0..).zip(set) {
        if let Some(place) = places.get_mut(count) {
            *place = index;
        }
        count += usize::from(*word != 0);
    }
    let mut members = Vec::with_capacity(2 * count);
    for place in places.into_iter().take(count) {
        let mut rest = set.get(place as usize).copied().unwrap_or_default();
        while rest != 0 {
            members.push(place * 64 + rest.trailing_zeros());
            rest &= rest - 1;
        }
    }
    members
}

/// How many of the features are different. One that is 0 does not count; practically none is.
fn different(features: &[Feature]) -> usize {
    let mut slots: Vec<Feature> = vec![0; (features.len() * 2).next_power_of_two()];
    let mask = slots.len() - 1;
    let mut different = 0;
    for feature in features {
        let mut at = *feature as usize & mask;
        while let Some(slot) = slots.get_mut(at).filter(|slot| **slot != *feature) {
            if *slot == 0 {
                *slot = *feature;
                different += 1;
            } else {
                at = (at + 1) & mask;
            }
        }
    }
    different
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    /// Features of which many are alike in their topmost bits.
    fn features() -> impl Strategy<Value = Vec<Feature>> {
        let crowded = (0..4_u64, 0..40_u64).prop_map(|(top, low)| top << 62 | low);
        prop::collection::vec(prop_oneof![any::<u64>(), crowded, Just(Feature::MAX)], 0..200)
    }

    proptest! {
        #[test]
        fn numbers_what_it_knows_and_counts_the_others(given in features(), said in features()) {
            let set: BTreeSet<Feature> = given.iter().copied().collect();
            let known = Known::new(set.iter().rev().copied().collect());
            prop_assert_eq!(known.len(), set.len());
            for (number, feature) in set.iter().enumerate() {
                prop_assert_eq!(known.number(*feature), Some(number));
            }
            let said: Vec<Feature> = said.iter().chain(&given).chain(&said).copied().collect();
            let of_set = |feature: &Feature| set.iter().position(|known| known == feature).map(|number| number as u32);
            let numbers: BTreeSet<u32> = said.iter().filter_map(of_set).collect();
            let others: BTreeSet<_> = said.iter().filter(|feature| **feature != 0 && !set.contains(feature)).collect();
            prop_assert_eq!(known.numbers(&said), (numbers.into_iter().collect(), others.len()));
        }
    }

    #[test]
    fn may_know_nothing() {
        let known = Known::new(Vec::new());
        assert_eq!(known.number(7), None);
        assert_eq!(known.numbers(&[7, 7, Feature::MAX]), (vec![], 2));
        assert_eq!(known.numbers(&[]), (vec![], 0));
    }
}
