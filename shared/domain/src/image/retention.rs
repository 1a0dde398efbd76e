//! Which of a component's images are still needed, and which go.

use std::collections::{BTreeMap, BTreeSet};

use super::ImageDigest;
use crate::release::ReleaseNumber;

/// So many releases can be put back.
const KEPT_RELEASES: usize = 10;

/// The image of one component in one release that is live, can be put back, or is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedImage {
    /// The release.
    pub release: ReleaseNumber,
    /// Whether its pods are to run now.
    pub is_live: bool,
    /// An unchanged component has the image of an earlier release.
    pub image: ImageDigest,
}

/// The images of a component's repository that no kept release uses, by the tags there and the releases there are.
///
/// Kept are the live release and the last ten. What is tagged for a release after the oldest of those may be of one
/// under way, and what is tagged otherwise, as the build cache is, is no release's: both stay.
#[must_use]
pub fn obsolete(tags: &BTreeMap<String, ImageDigest>, releases: &[UsedImage]) -> BTreeSet<ImageDigest> {
    let mut numbers: Vec<ReleaseNumber> = releases.iter().map(|used| used.release).collect();
    numbers.sort_unstable_by(|a, b| b.cmp(a));
    numbers.dedup();
    numbers.truncate(KEPT_RELEASES);
    let Some(oldest) = numbers.last().copied() else {
        return BTreeSet::new();
    };
    let is_kept = |used: &&UsedImage| used.is_live || used.release >= oldest;
    let used = releases.iter().filter(is_kept).map(|used| &used.image);
    let pinned = tags.iter().filter(|(tag, _)| ReleaseNumber::parse(tag).map_or(true, |release| release >= oldest));
    let kept: BTreeSet<&ImageDigest> = used.chain(pinned.map(|(_, image)| image)).collect();
    tags.values().filter(|image| !kept.contains(image)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(number: u32) -> ImageDigest {
        ImageDigest::parse(&format!("sha256:{number:064x}")).unwrap()
    }

    fn used(release: u32, number: u32) -> UsedImage {
        UsedImage { release: ReleaseNumber::new(release).unwrap(), is_live: false, image: image(number) }
    }

    fn tags(tags: &[(&str, u32)]) -> BTreeMap<String, ImageDigest> {
        tags.iter().map(|(tag, number)| ((*tag).to_owned(), image(*number))).collect()
    }

    #[test]
    fn the_last_ten_releases_keep_their_images() {
        let releases: Vec<UsedImage> = (1..=12).map(|number| used(number, number)).collect();
        let all = (1..=12).map(|number| (format!("r{number}"), image(number))).collect();
        assert_eq!(obsolete(&all, &releases), BTreeSet::from([image(1), image(2)]));
    }

    #[test]
    fn the_live_release_keeps_its_image_however_old() {
        let mut releases: Vec<UsedImage> = (1..=12).map(|number| used(number, number)).collect();
        releases[0].is_live = true;
        let all = tags(&[("r1", 1), ("r2", 2), ("r12", 12)]);
        assert_eq!(obsolete(&all, &releases), BTreeSet::from([image(2)]));
    }

    #[test]
    fn an_old_image_that_a_kept_release_uses_unchanged_stays() {
        let releases: Vec<UsedImage> = (1..=30).map(|number| used(number, 1)).collect();
        assert_eq!(obsolete(&tags(&[("r1", 1)]), &releases), BTreeSet::new());
    }

    #[test]
    fn the_cache_and_what_is_under_way_stay() {
        let releases: Vec<UsedImage> = (3..=12).map(|number| used(number, number)).collect();
        let all = tags(&[("cache", 100), ("r13", 13), ("r2", 2), ("r0x", 101), ("latest", 102)]);
        assert_eq!(obsolete(&all, &releases), BTreeSet::from([image(2)]));
    }

    #[test]
    fn one_image_with_an_old_and_a_new_tag_stays() {
        let releases: Vec<UsedImage> = (3..=12).map(|number| used(number, 12)).collect();
        assert_eq!(obsolete(&tags(&[("r1", 50), ("r13", 50), ("r2", 51)]), &releases), BTreeSet::from([image(51)]));
    }

    #[test]
    fn nothing_goes_while_no_release_is_known() {
        assert_eq!(obsolete(&tags(&[("r1", 1)]), &[]), BTreeSet::new());
    }
}
