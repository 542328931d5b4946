//! Names of forks.

use crate::fork::Fork;

/// Key in a chain file, name, and what else people and test suites write.
const NAMES: [(Fork, &str, &[&str]); 22] = [
    (Fork::Frontier, "Frontier", &[]),
    (Fork::Homestead, "Homestead", &[]),
    (Fork::DaoFork, "DaoFork", &["dao"]),
    (Fork::TangerineWhistle, "TangerineWhistle", &["eip150"]),
    (Fork::SpuriousDragon, "SpuriousDragon", &["eip158", "eip155"]),
    (Fork::Byzantium, "Byzantium", &[]),
    (Fork::Constantinople, "Constantinople", &[]),
    (Fork::Petersburg, "Petersburg", &["constantinoplefix"]),
    (Fork::Istanbul, "Istanbul", &[]),
    (Fork::MuirGlacier, "MuirGlacier", &[]),
    (Fork::Berlin, "Berlin", &[]),
    (Fork::London, "London", &[]),
    (Fork::ArrowGlacier, "ArrowGlacier", &[]),
    (Fork::GrayGlacier, "GrayGlacier", &[]),
    (Fork::Paris, "Paris", &["merge"]),
    (Fork::Shanghai, "Shanghai", &[]),
    (Fork::Cancun, "Cancun", &[]),
    (Fork::Prague, "Prague", &[]),
    (Fork::Osaka, "Osaka", &[]),
    (Fork::Bpo1, "BPO1", &[]),
    (Fork::Bpo2, "BPO2", &[]),
    (Fork::Amsterdam, "Amsterdam", &[]),
];

/// Name as in the execution specifications.
pub(super) const fn name(fork: Fork) -> &'static str {
    NAMES[fork as usize].1
}

impl Fork {
    /// Name as in the execution specifications, such as `TangerineWhistle`.
    pub const fn name(self) -> &'static str {
        name(self)
    }

    /// The fork of this name: that of the execution specifications, or of Ethereum's test suites (`EIP150`,
    /// `ConstantinopleFix`, `Merge`). Case, spaces, `_` and `-` do not count.
    pub fn by_name(text: &str) -> Option<Fork> {
        if text.len() > 32 {
            return None;
        }
        let plain: String =
            text.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).map(|c| c.to_ascii_lowercase()).collect();
        let named = |(_, name, others): &&(Fork, &str, &[&str])| {
            name.to_ascii_lowercase() == plain || others.contains(&plain.as_str())
        };
        NAMES.iter().find(named).map(|(fork, ..)| *fork)
    }
}
