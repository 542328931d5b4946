//! Where tests come from: files, folders, archives.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::Path;

/// Bytes of a test file, at most.
const MOST_BYTES: u64 = 1 << 30;
/// Folders in folders, at most.
const MOST_DEPTH: usize = 64;

/// A test file: its name and text, or why it can't be read.
pub type Source = (String, Result<String, String>);

/// Hands every test file under `path` to `take`, in the order of names; stops when that says false.
pub fn read(path: &Path, take: &mut dyn FnMut(Source) -> bool) -> bool {
    let name = path.display().to_string();
    let is = |suffix: &str| name.ends_with(suffix);
    let result = match fs::metadata(path) {
        Err(error) => Err(error),
        Ok(metadata) if metadata.is_dir() => return folder(path, MOST_DEPTH, take),
        Ok(_) if is(".tar.zst") => zstd(path).and_then(|reader| archive(&name, reader, take)),
        Ok(_) if is(".tar.gz") || is(".tgz") => gzip(path).and_then(|reader| archive(&name, reader, take)),
        Ok(_) if is(".tar") => {
            File::open(path).and_then(|file| archive(&name, Box::new(BufReader::new(file)), take))
        }
        Ok(_) => return take((name, File::open(path).and_then(text).map_err(|error| error.to_string()))),
    };
    match result {
        Ok(go_on) => go_on,
        Err(error) => take((name, Err(error.to_string()))),
    }
}

/// Files that end in `.json`, but for hidden ones: suites keep their index in `.meta`.
fn folder(path: &Path, depth: usize, take: &mut dyn FnMut(Source) -> bool) -> bool {
    let name = path.display().to_string();
    let Some(depth) = depth.checked_sub(1) else {
        return take((name, Err(format!("folders are nested more than {MOST_DEPTH} deep"))));
    };
    let mut entries = match fs::read_dir(path).and_then(|entries| entries.collect::<Result<Vec<_>, _>>()) {
        Ok(entries) => entries,
        Err(error) => return take((name, Err(error.to_string()))),
    };
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let go_on = if path.is_dir() {
            folder(&path, depth, take)
        } else {
            path.extension().is_none_or(|extension| extension != "json") || read(&path, take)
        };
        if !go_on {
            return false;
        }
    }
    true
}

fn zstd(path: &Path) -> io::Result<Box<dyn Read>> {
    let file = BufReader::new(File::open(path)?);
    let decoder = ruzstd::decoding::StreamingDecoder::new(file).map_err(io::Error::other)?;
    Ok(Box::new(decoder))
}

fn gzip(path: &Path) -> io::Result<Box<dyn Read>> {
    Ok(Box::new(flate2::read::MultiGzDecoder::new(BufReader::new(File::open(path)?))))
}

fn archive(name: &str, reader: Box<dyn Read>, take: &mut dyn FnMut(Source) -> bool) -> io::Result<bool> {
    let mut archive = tar::Archive::new(reader);
    for entry in archive.entries()? {
        let entry = entry?;
        let path = entry.path()?.into_owned();
        let hidden = path.components().any(|part| {
            let part = part.as_os_str().to_string_lossy();
            part.starts_with('.') && part != "." && part != ".."
        });
        if hidden
            || !entry.header().entry_type().is_file()
            || path.extension().is_none_or(|end| end != "json")
        {
            continue;
        }
        if !take((format!("{name}:{}", path.display()), text(entry).map_err(|error| error.to_string()))) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn text(reader: impl Read) -> io::Result<String> {
    let mut text = String::new();
    reader.take(MOST_BYTES + 1).read_to_string(&mut text)?;
    match text.len() as u64 > MOST_BYTES {
        true => Err(io::Error::other(format!("the file is larger than {MOST_BYTES} bytes: split it"))),
        false => Ok(text),
    }
}
