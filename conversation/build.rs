//! Lists the files of `config/conversation`, so that a language is added by adding its folder, and trains each language's
//! model on its phrase files, so that a server need not.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, thread};

use tsunagu_understanding::{Course, Files, train};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../config/conversation");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut paths = Vec::new();
    collect(&root, &mut paths)?;
    paths.sort();

    let mut sources = String::from("&[\n");
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for path in &paths {
        let name = path.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
        let path = path.canonicalize()?;
        writeln!(sources, "    Source {{ name: {name:?}, text: include_str!({path:?}) }},")?;
        texts.insert(name, fs::read_to_string(path)?);
    }
    sources.push_str("]\n");
    fs::write(out.join("sources.rs"), sources)?;

    let mut models = String::from("&[\n");
    let files = Files::by_language(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    // Each takes some seconds.
    let trained: Vec<_> = thread::scope(|scope| {
        let trained: Vec<_> = files
            .iter()
            .map(|files| scope.spawn(|| (files.folder, train(files, Course::default()))))
            .collect();
        trained.into_iter().filter_map(|trained| trained.join().ok()).collect()
    });
    for (folder, model) in trained {
        let path = out.join(format!("{folder}.model"));
        fs::write(&path, model?)?;
        writeln!(models, "    ({folder:?}, include_bytes!({path:?})),")?;
    }
    models.push_str("]\n");
    fs::write(out.join("models.rs"), models)?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    Ok(())
}
