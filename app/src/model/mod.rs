//! From what the settings name to a model that is ready: built in, in a folder, or in the cache, where it was fetched to.

#[cfg(feature = "onnx")]
mod cache;
#[cfg(feature = "download")]
mod hub;
#[cfg(feature = "onnx")]
mod near;
#[cfg(feature = "onnx")]
mod onnx;
#[cfg(feature = "onnx")]
mod sums;

use crate::cli::Common;
use crate::failure::Failure;
use crate::workspace::Workspace;
use std::sync::Arc;
use sufficit_config::ModelChoice;
use sufficit_evidence::Catalogue;
use sufficit_index::{Embedder, IndexError, Matcher, StaticModel};

#[cfg(feature = "onnx")]
pub(crate) use onnx::{Place, place};

/// The built-in model's name.
const BUILT_IN: &str = "static-en";

/// Whether the settings ask for no model but the built-in kind.
pub(crate) fn is_static(choice: &ModelChoice) -> bool {
    matches!(choice, ModelChoice::Name(name) if name.is_empty() || name == BUILT_IN)
}

/// The embedding model of the settings, fetched where it was not yet.
pub(crate) fn embedder(workspace: &Workspace, common: &Common) -> Result<Arc<Embedder>, Failure> {
    let choice = &workspace.settings.embedding.model;
    let embedder = if is_static(choice) {
        Embedder::Static(static_model(workspace)?)
    } else {
        other(workspace, common)?
    };
    Ok(Arc::new(embedder))
}

fn static_model(workspace: &Workspace) -> Result<StaticModel, Failure> {
    let folder = &workspace.settings.catalogue.model_folder;
    Ok(if folder.as_os_str().is_empty() {
        compiled_in()?
    } else {
        StaticModel::from_folder(folder)?
    })
}

/// The embedding model that ships.
pub(crate) fn compiled_in() -> Result<StaticModel, IndexError> {
    StaticModel::from_bytes(
        include_bytes!("../../../models/static-en/model.safetensors"),
        include_bytes!("../../../models/static-en/tokenizer.json"),
        include_bytes!("../../../models/static-en/config.json"),
    )?
    .with_checks(include_bytes!("../../../models/static-en/checks.safetensors"))?
    .with_reader(include_bytes!("../../../models/static-en/reader.safetensors"))
}

#[cfg(feature = "onnx")]
fn other(workspace: &Workspace, common: &Common) -> Result<Embedder, Failure> {
    let model = onnx::embedder(workspace, common)?;
    Ok(Embedder::Onnx { model, fields: Box::new(static_model(workspace)?) })
}

#[cfg(not(feature = "onnx"))]
fn other(_: &Workspace, _: &Common) -> Result<Embedder, Failure> {
    Err(not_built())
}

/// The matcher with the settings' reranker, where they name one, and what that adds to the model's version.
#[cfg(feature = "onnx")]
pub(crate) fn rereading(
    workspace: &Workspace,
    common: &Common,
    matcher: Matcher,
    catalogue: &Catalogue,
) -> Result<(Matcher, String), Failure> {
    if is_static(&workspace.settings.rerank.model) {
        return Ok((matcher, String::new()));
    }
    let rereading = onnx::rereading(workspace, common, catalogue)?;
    let version = format!("+{}", rereading.version());
    Ok((matcher.with_rereading(rereading), version))
}

/// The matcher as it is: this program has no rerankers.
#[cfg(not(feature = "onnx"))]
pub(crate) fn rereading(
    workspace: &Workspace,
    _: &Common,
    matcher: Matcher,
    _: &Catalogue,
) -> Result<(Matcher, String), Failure> {
    if is_static(&workspace.settings.rerank.model) {
        Ok((matcher, String::new()))
    } else {
        Err(not_built())
    }
}

#[cfg(not(feature = "onnx"))]
fn not_built() -> Failure {
    Failure::usage(
        "this sufficit was built without ONNX models",
        "Take model out of [embedding] and [rerank] in the settings, or build with `--features onnx`.",
    )
}
