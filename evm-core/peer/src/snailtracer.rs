//! Fetches snailtracer's code, which is not ours: it is in the sources of the crate `revme`, which cargo can get.

use std::path::{Path, PathBuf};
use std::process::Command;

const FILE: &str = "src/cmd/bench/snailtracer.hex";

/// The code in hexadecimal; an error says what is missing.
pub fn hex() -> Result<String, String> {
    let path = match find() {
        Some(path) => path,
        None => {
            fetch()?;
            find().ok_or(format!("the crate revme has no {FILE} any more"))?
        }
    };
    std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Where cargo unpacked it.
fn find() -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))?;
    let registries = std::fs::read_dir(home.join("registry/src")).ok()?;
    let crates = registries.flatten().filter_map(|registry| std::fs::read_dir(registry.path()).ok());
    let revme = crates.flat_map(|names| names.flatten()).find(|entry| {
        let name = entry.file_name();
        name.to_string_lossy().starts_with("revme-43.") && entry.path().join(FILE).exists()
    });
    Some(revme?.path().join(FILE))
}

/// Has cargo get the crate, as a dependency of a package of nothing.
fn fetch() -> Result<(), String> {
    let folder = std::env::temp_dir().join("glassbox-revme");
    let manifest = "[package]\nname = \"nothing\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nrevme = \"43\"\n";
    let write = |path: &Path, text: &str| std::fs::write(path, text).map_err(|error| error.to_string());
    std::fs::create_dir_all(folder.join("src")).map_err(|error| error.to_string())?;
    write(&folder.join("Cargo.toml"), manifest)?;
    write(&folder.join("src/lib.rs"), "")?;
    let status = Command::new("cargo").arg("fetch").current_dir(&folder).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("cargo fetch of the crate revme: {status}")),
        Err(error) => Err(format!("cargo fetch: {error}")),
    }
}
