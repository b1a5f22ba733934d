//! Where a site's data are kept: in a folder, or in a database of its own on the MongoDB server of the tests.

use std::sync::Arc;
use tempfile::TempDir;
use tsunagu_store::{SqliteConfig, SqliteStore, Store};

pub struct Home {
    /// The server's folder, also where the data are elsewhere.
    pub dir: TempDir,
    #[cfg(feature = "mongodb")]
    database: Option<crate::in_mongodb::Database>,
}

impl Home {
    /// In a folder that is removed when the test is over.
    pub fn folder() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            #[cfg(feature = "mongodb")]
            database: None,
        }
    }

    /// In a database that is dropped when the test is over; nothing where no server is named.
    #[cfg(feature = "mongodb")]
    pub fn mongodb() -> Option<Self> {
        Some(Self { database: Some(crate::in_mongodb::Database::new()?), ..Self::folder() })
    }

    /// The name of the database there.
    #[cfg(feature = "mongodb")]
    pub fn uri(&self) -> &str {
        self.database.as_ref().map_or("", |database| &database.uri)
    }

    /// The store, while no server has it.
    pub async fn open(&self) -> Arc<dyn Store> {
        #[cfg(feature = "mongodb")]
        if let Some(database) = &self.database {
            return Arc::new(tsunagu_store::MongoStore::connect(&database.uri).await.unwrap());
        }
        Arc::new(SqliteStore::open(&SqliteConfig::new(self.dir.path())).unwrap())
    }

    /// What tells a server where they are.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let folder = ("DATA_DIR", self.dir.path().to_str().unwrap().to_owned());
        #[cfg(feature = "mongodb")]
        if let Some(database) = &self.database {
            return vec![folder, ("MONGODB_URI", database.uri.clone())];
        }
        vec![folder]
    }
}
