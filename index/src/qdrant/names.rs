use sha2::{Digest, Sha256};

/// More processes than this do not make an index anew in the same moment.
const TRIED: u64 = 16;

/// What the collections of one workspace and model are called.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// What the names of all collections of the workspace begin with.
    workspace: String,
    /// What the collection that serves is asked by.
    pub(super) alias: String,
}

impl Names {
    pub(super) fn new(prefix: &str, workspace: &str, model: &str) -> Self {
        let digest = Sha256::digest(model.as_bytes());
        let model: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let workspace = format!("{prefix}-{workspace}-");
        Self { alias: format!("{workspace}{model}"), workspace }
    }

    /// The collection of this number.
    pub(super) fn collection(&self, number: u64) -> String {
        format!("{}-{number}", self.alias)
    }

    /// The number of a collection of this workspace and model.
    fn number(&self, collection: &str) -> Option<u64> {
        collection.strip_prefix(&self.alias)?.strip_prefix('-')?.parse().ok()
    }

    /// Names that none of these collections of the server has, nor had as far as they show, in the order to try them in.
    pub(super) fn free(&self, collections: &[String]) -> impl Iterator<Item = String> {
        let last = collections.iter().filter_map(|name| self.number(name)).max().unwrap_or(0);
        (1..=TRIED).map(move |further| self.collection(last.saturating_add(further)))
    }

    /// Whether the collection is of this workspace and model.
    pub(super) fn is_own(&self, collection: &str) -> bool {
        self.number(collection).is_some()
    }

    /// Whether the collection is of this workspace, whatever the model. A workspace whose name begins with that of
    /// this one is another: what follows is eight digits and a number, and nothing else.
    pub(super) fn is_of_workspace(&self, collection: &str) -> bool {
        let rest = collection.strip_prefix(&self.workspace).and_then(|rest| rest.split_once('-'));
        rest.is_some_and(|(model, number)| {
            model.len() == 8
                && model.bytes().all(|byte| byte.is_ascii_hexdigit())
                && !number.is_empty()
                && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collections_are_known_by_their_names() {
        let names = Names::new("sufficit", "acme", "model-1");
        let other = Names::new("sufficit", "acme", "model-2");
        let longer = Names::new("sufficit", "acme-12345678", "model-1");
        let all = [names.collection(2), names.collection(9), other.collection(11)];
        let free = |all: &[String]| names.free(all).take(2).collect::<Vec<_>>();
        assert_eq!(free(&all), [names.collection(10), names.collection(11)]);
        assert_eq!(free(&[]), [names.collection(1), names.collection(2)]);
        assert!(names.is_own(&all[0]) && !names.is_own(&all[2]));
        assert!(all.iter().all(|name| names.is_of_workspace(name)));
        assert!(!names.is_of_workspace(&longer.collection(1)));
        assert!(!names.is_of_workspace("sufficit-acme-notes"));
        assert!(!longer.is_of_workspace(&all[0]));
    }
}
