use fastembed::{EmbeddingModel, ModelInfo, Pooling, RerankerModelInfo, TextEmbedding, TextRerank};

/// A model that fastembed knows how to use, by the name that its makers gave it.
#[derive(Clone, Debug)]
pub struct KnownModel {
    /// As in settings: `all-MiniLM-L6-v2`, `bge-small-en-v1.5-q`.
    pub name: String,
    /// Numbers in a vector.
    pub dimensions: usize,
    pub(super) info: ModelInfo<EmbeddingModel>,
}

/// A reranker that fastembed knows how to use.
#[derive(Clone, Debug)]
pub struct KnownReranker {
    /// As in settings: `bge-reranker-base`.
    pub name: String,
    info: RerankerModelInfo,
}

/// All embedding models that can be named, by name.
pub fn known_models() -> Vec<KnownModel> {
    let mut models: Vec<KnownModel> = TextEmbedding::list_supported_models()
        .into_iter()
        .map(|info| {
            let variant = format!("{:?}", info.model);
            let name = name_of(&info.model_code, &variant);
            KnownModel { name, dimensions: info.dim, info }
        })
        .collect();
    models.sort_by(|a, b| a.name.cmp(&b.name));
    models
}

/// All rerankers that can be named, by name.
pub fn known_rerankers() -> Vec<KnownReranker> {
    let mut models: Vec<KnownReranker> = TextRerank::list_supported_models()
        .into_iter()
        .map(|info| KnownReranker { name: name_of(&info.model_code, ""), info })
        .collect();
    models.sort_by(|a, b| a.name.cmp(&b.name));
    models
}

impl KnownModel {
    /// Its repository on the hub: `owner/name`.
    pub fn repository(&self) -> &str {
        &self.info.model_code
    }

    /// The ONNX file in the repository, then further files of weights.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        [&self.info.model_file].into_iter().chain(&self.info.additional_files).map(String::as_str)
    }

    /// What is put before a text that is looked for, and before one that is looked through: as the models' makers ask.
    pub fn prefixes(&self) -> (String, String) {
        let name = self.name.to_lowercase();
        let of = |beginning: &str| name.starts_with(beginning);
        let (query, passage) = if of("multilingual-e5") {
            ("query: ", "passage: ")
        } else if of("nomic-embed") || of("modernbert-embed") {
            ("search_query: ", "search_document: ")
        } else if of("embeddinggemma") {
            ("task: search result | query: ", "title: none | text: ")
        } else if of("snowflake-arctic-embed") || of("mxbai-embed") {
            ("Represent this sentence for searching relevant passages: ", "")
        } else {
            ("", "")
        };
        (query.to_owned(), passage.to_owned())
    }

    /// Files of weights beside the ONNX file.
    pub(super) fn additional(&self) -> &[String] {
        &self.info.additional_files
    }

    pub(super) fn pooling(&self) -> Option<Pooling> {
        TextEmbedding::get_default_pooling_method(&self.info.model)
    }
}

impl KnownReranker {
    /// Its repository on the hub: `owner/name`.
    pub fn repository(&self) -> &str {
        &self.info.model_code
    }

    /// The ONNX file in the repository, then further files of weights.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        [&self.info.model_file].into_iter().chain(&self.info.additional_files).map(String::as_str)
    }
}

/// The last part of a repository's name without what says that it holds ONNX files, and with `-q` or `-q4` where the
/// model is the quantised one of several in the repository.
fn name_of(repository: &str, variant: &str) -> String {
    let last = repository.rsplit('/').next().unwrap_or(repository);
    let bare = ["-onnx-Q", "-onnx", "-ONNX"]
        .into_iter()
        .find_map(|ending| last.strip_suffix(ending))
        .unwrap_or(last);
    let quantised = if variant.ends_with("Q4") {
        "-q4"
    } else if variant.ends_with('Q') {
        "-q"
    } else {
        ""
    };
    format!("{bare}{quantised}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_model_has_a_name_of_its_own() {
        let models = known_models();
        let names: HashSet<&str> = models.iter().map(|model| model.name.as_str()).collect();
        assert_eq!(names.len(), models.len());
        for name in ["all-MiniLM-L6-v2", "all-MiniLM-L6-v2-q", "bge-small-en-v1.5-q", "bge-m3"] {
            assert!(names.contains(name), "{name}: {names:?}");
        }
        let rerankers = known_rerankers();
        assert!(rerankers.iter().any(|model| model.name == "bge-reranker-base"), "{rerankers:?}");
    }
}
