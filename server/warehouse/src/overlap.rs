//! How do a few groups of customers overlap? Every customer of any of them falls into exactly one part: inside these and outside the others.

use crate::labels::Group;

/// Groups that are laid over each other at a time; two to the power of it are the parts.
pub const MOST_GROUPS: usize = 5;

/// The number of customers of each part: place `m` counts those who are in group `g` exactly where bit `g` of `m` is set. Place 0 stays 0,
/// because whoever is in none of them is no part of it. Groups beyond [`MOST_GROUPS`] are left out.
pub fn overlap(groups: &[Group]) -> Vec<u64> {
    let groups = &groups[..groups.len().min(MOST_GROUPS)];
    let words: Vec<&[u64]> = groups.iter().map(|group| group.words().unwrap_or_default()).collect();
    let length = words.iter().map(|words| words.len()).max().unwrap_or(0);
    let mut parts = vec![0_u64; 1 << groups.len()];
    for place in 0..length {
        let here: Vec<u64> = words
            .iter()
            .map(|words| words.get(place).copied().unwrap_or(0))
            .collect();
        if here.iter().all(|word| *word == 0) {
            continue;
        }
        for (mask, part) in parts.iter_mut().enumerate().skip(1) {
            let inside = here.iter().enumerate().fold(u64::MAX, |left, (group, word)| {
                left & if mask >> group & 1 == 1 { *word } else { !*word }
            });
            *part += u64::from(inside.count_ones());
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_count_what_a_plain_look_counts() {
        let groups: Vec<Vec<u32>> = vec![
            (0..300).filter(|n| n % 2 == 0).collect(),
            (0..500).filter(|n| n % 3 == 0).collect(),
            (100..150).collect(),
        ];
        let parts = overlap(
            &groups
                .iter()
                .map(|group| Group::of(group.iter().copied()))
                .collect::<Vec<_>>(),
        );
        let mut plain = vec![0_u64; 8];
        for customer in 0..600 {
            let mask = groups
                .iter()
                .enumerate()
                .map(|(place, group)| usize::from(group.contains(&customer)) << place)
                .sum::<usize>();
            plain[mask] += 1;
        }
        plain[0] = 0;
        assert_eq!(parts, plain);
        assert_eq!(overlap(&[]), [0]);
    }
}
