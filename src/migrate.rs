//! `tsunagu migrate`: all data from the SQLite file to MongoDB, or from there to the file.
//!
//! *copy what is not there yet → read both sides from the beginning to the end and compare → only then let it be used.* Until
//! then the copy is where no server uses it, so that it may be broken off and begun again at any time.

use crate::{cli, settings::Settings};
use anyhow::{Context, Result, bail};
use secrecy::ExposeSecret;
use std::{
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};
use tsunagu_actors::Clock;
use tsunagu_store::{
    MongoStore, SharedStore, Sign, SqliteConfig, SqliteStore, Store, StoreError,
    archive::{Archive, Kind, compare, copy},
    restore,
};

/// The folder within the data folder in which the file is made.
const MAKING: &str = "migrating";
/// The file's name in it, and in the data folder.
const FILE: &str = "tsunagu.db";

/// For how long it is looked whether a server that told a sign tells another: it does every second. One that could not for so long may
/// not count on being taken for alive either.
const LOOK: Duration = Duration::from_secs(4);

/// Moves everything.
pub fn run(options: &cli::Migrate) -> Result<()> {
    let settings = Settings::read()?;
    let uri = settings.store.mongodb_uri.expose_secret();
    if uri.is_empty() {
        bail!("MONGODB_URI is not set: name the database there, also when data come from it");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let data = &settings.store.data_dir;
    runtime.block_on(async {
        match options.to {
            cli::MigrateTo::Mongodb => to_mongodb(data, uri).await,
            cli::MigrateTo::Sqlite => to_sqlite(data, uri).await,
        }
    })
}

async fn to_mongodb(data: &Path, uri: &str) -> Result<()> {
    let from =
        SqliteStore::open_existing(&SqliteConfig::new(data)).context("there is nothing to be copied")?;
    let to = MongoStore::connect_to_fill(uri).await.context("nothing can be copied to MongoDB")?;
    if let Err(refusal) = refuse_servers(&to).await {
        to.not_filled().await?;
        return Err(refusal);
    }
    move_all(&from, &to).await.context("not everything was copied; the same command goes on where it was")?;
    to.filled().await?;
    to.close().await?;
    from.close().await?;
    tell("everything is in MongoDB: start the server with MONGODB_URI. The SQLite file is as it was")
}

async fn to_sqlite(data: &Path, uri: &str) -> Result<()> {
    let from = MongoStore::connect(uri).await.context("there is nothing to be copied")?;
    refuse_servers(&from).await?;
    let before = from.signs().await?;
    tell("no server may be started on MongoDB meanwhile")?;
    let making = data.join(MAKING);
    let to = SqliteStore::open(&SqliteConfig::new(&making))
        .with_context(|| format!("nothing can be copied to {}", making.display()))?;
    move_all(&from, &to).await.context("not everything was copied; the same command goes on where it was")?;
    // One that was started meanwhile has perhaps written what was compared already, also when it is gone again.
    if let Some(sign) = told_since(&before, from.signs().await?) {
        bail!("a server used this MongoDB meanwhile, at {}: stop it and begin again", sign.place);
    }
    to.close().await?;
    drop(to);
    from.close().await?;
    let file = put_in_place(&making, data)?;
    tell(&format!(
        "everything is in {}: start the server without MONGODB_URI. The database is as it was",
        file.display()
    ))
}

/// The copy becomes the data of the folder; what was there before is kept beside it.
fn put_in_place(making: &Path, data: &Path) -> Result<PathBuf> {
    let now = Clock::real().now().timestamp().strftime("%Y%m%dT%H%M%SZ").to_string();
    let restored = restore(&making.join(FILE), data, &now)
        .with_context(|| format!("the whole copy lies in {} and was not put in place", making.display()))?;
    if let Some(kept) = restored.kept {
        tell(&format!("{}: what was there before", kept.display()))?;
    }
    std::fs::remove_dir_all(making).with_context(|| format!("{} cannot be removed", making.display()))?;
    Ok(restored.file)
}

/// Servers that use MongoDB tell a sign there every second.
async fn refuse_servers(store: &MongoStore) -> Result<()> {
    let living = living(store, LOOK).await?;
    if let Some(sign) = living.first() {
        bail!("{} server(s) use this MongoDB, one of them at {}: stop them first", living.len(), sign.place);
    }
    Ok(())
}

/// Whose sign is another one than it was, or was not there.
fn told_since(before: &[Sign], now: Vec<Sign>) -> Option<Sign> {
    let same = |one: &Sign, other: &Sign| one.node == other.node && one.beat == other.beat;
    now.into_iter().find(|sign| !before.iter().any(|told| same(told, sign)))
}

/// Who tells another sign within that time. One that was killed leaves its last one there; one that went says so.
async fn living(store: &dyn SharedStore, look: Duration) -> Result<Vec<Sign>, StoreError> {
    let before = store.signs().await?;
    if before.iter().all(|sign| sign.left) {
        return Ok(Vec::new());
    }
    tokio::time::sleep(look).await;
    let mut now = store.signs().await?;
    now.retain(|sign| {
        !sign.left && before.iter().all(|told| told.node != sign.node || told.beat != sign.beat)
    });
    Ok(now)
}

async fn move_all(from: &dyn Archive, to: &dyn Archive) -> Result<()> {
    for kind in Kind::ALL {
        let done =
            copy(from, to, kind).await.with_context(|| format!("{} were not all copied", kind.as_str()))?;
        tell(&format!("{}: {} copied, {} were there", kind.as_str(), done.copied, done.there))?;
    }
    for kind in Kind::ALL {
        let same =
            compare(from, to, kind).await.with_context(|| format!("{} are not the same", kind.as_str()))?;
        let journals = match kind {
            Kind::Calls => format!(", {} entries of journals", same.entries),
            _ => String::new(),
        };
        tell(&format!("{}: {} on both sides, all the same{journals}", kind.as_str(), same.items))?;
    }
    Ok(())
}

fn tell(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsunagu_store::MemoryStore;

    async fn tell_sign(store: &MemoryStore, beat: u64, left: bool) {
        let (present, awaited) = Default::default();
        let place = "calls-1:5000".to_owned();
        let sign = Sign { node: store.node(), place, beat, present, awaited, tells: false, left };
        store.tell_sign(sign).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_goes_on_telling_signs_is_seen() {
        let store = MemoryStore::default();
        assert_eq!(living(&store, LOOK).await.unwrap(), [], "nobody was ever here");
        tell_sign(&store, 7, false).await;
        assert_eq!(living(&store, LOOK).await.unwrap(), [], "it was killed");
        let telling = async {
            tokio::time::sleep(LOOK / 2).await;
            tell_sign(&store, 8, false).await;
        };
        let (found, ()) = tokio::join!(living(&store, LOOK), telling);
        assert_eq!(found.unwrap().len(), 1);
        let before = store.signs().await.unwrap();
        assert_eq!(told_since(&before, before.clone()), None);
        tell_sign(&store, 9, true).await;
        assert_eq!(living(&store, LOOK).await.unwrap(), [], "it went");
        assert!(told_since(&before, store.signs().await.unwrap()).is_some(), "it was there in between");
        assert!(told_since(&[], before).is_some(), "it came in between");
    }
}
