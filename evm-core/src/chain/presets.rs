//! Chains that come along.

/// Names, and the chain files to copy and vary.
pub const PRESETS: [(&str, &str); 4] = [
    ("mainnet", include_str!("presets/mainnet.json")),
    ("sepolia", include_str!("presets/sepolia.json")),
    ("hoodi", include_str!("presets/hoodi.json")),
    ("op-like", include_str!("presets/op-like.json")),
];
