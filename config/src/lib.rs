//! Text of settings, catalogue, crosswalk and rubric to checked values.
//!
//! The files lie beside this crate and are compiled in, so one binary is the whole program; each can
//! be replaced or joined by a file that the settings name. The decision that shapes the crate: a
//! loader reads into a raw struct that refuses unknown keys, then checks every value and reference,
//! and a [`ConfigError`] always says which file and which line.

mod catalogue;
mod crosswalk;
mod embedding;
mod error;
mod file;
mod framework;
mod index;
mod oidc;
mod rubric;
mod scope;
mod serve;
mod settings;

pub use catalogue::load_catalogue;
pub use crosswalk::load_crosswalk;
pub use embedding::{EmbeddingSettings, ModelChoice, RerankSettings};
pub use error::ConfigError;
pub use file::ConfigFile;
pub use framework::parse_framework;
pub use index::IndexSettings;
pub use oidc::OidcSettings;
pub use rubric::load_rubric;
pub use scope::{NotApplicable, load_scope};
pub use serve::ServeSettings;
pub use settings::{CatalogueSettings, IngestSettings, Settings};
