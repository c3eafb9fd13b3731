//! All collections of a server, and the aliases of their names.

use super::collection::Collection;
use super::refusal;
use qdrant_client::qdrant::CreateCollection;
use qdrant_client::qdrant::alias_operations::Action;
use std::collections::BTreeMap;
use tonic::Status;

/// What a server stores.
#[derive(Clone, Debug, Default)]
pub(crate) struct Engine {
    collections: BTreeMap<String, Collection>,
    /// Alias to collection.
    aliases: BTreeMap<String, String>,
}

impl Engine {
    /// All collections by name.
    pub(crate) fn collections(&self) -> &BTreeMap<String, Collection> {
        &self.collections
    }

    /// The same, to change them.
    pub(crate) fn collections_mut(&mut self) -> &mut BTreeMap<String, Collection> {
        &mut self.collections
    }

    /// The collection that each alias stands for.
    pub(crate) fn aliases(&self) -> &BTreeMap<String, String> {
        &self.aliases
    }

    /// A collection by its name or by an alias.
    pub(crate) fn collection(&self, name: &str) -> Option<&Collection> {
        self.collections.get(self.resolve(name))
    }

    /// The same, to change it.
    pub(crate) fn collection_mut(&mut self, name: &str) -> Option<&mut Collection> {
        let name = self.resolve(name).to_owned();
        self.collections.get_mut(&name)
    }

    pub(super) fn open(&self, name: &str) -> Result<&Collection, Status> {
        self.collection(name).ok_or_else(|| refusal::no_collection(name))
    }

    pub(super) fn open_mut(&mut self, name: &str) -> Result<&mut Collection, Status> {
        self.collection_mut(name).ok_or_else(|| refusal::no_collection(name))
    }

    fn resolve<'a>(&'a self, name: &'a str) -> &'a str {
        self.aliases.get(name).map_or(name, String::as_str)
    }

    pub(super) fn create(&mut self, made: CreateCollection) -> Result<(), Status> {
        let name = made.collection_name.clone();
        if name.is_empty() {
            return Err(refusal::wrong("a collection needs a name"));
        }
        if self.collections.contains_key(&name) {
            return Err(refusal::taken(&name));
        }
        if self.aliases.contains_key(&name) {
            return Err(refusal::wrong(format_args!(
                "Can't create collection with name {name}. Alias with the same name already exists"
            )));
        }
        self.collections.insert(name, Collection::make(made)?);
        Ok(())
    }

    /// Whether there was such a collection. Its aliases go with it; an alias does not stand for it here.
    pub(super) fn delete(&mut self, name: &str) -> bool {
        self.aliases.retain(|_, collection| collection != name);
        self.collections.remove(name).is_some()
    }

    /// All of these changes in their order, or none.
    pub(super) fn change_aliases(&mut self, actions: Vec<Action>) -> Result<(), Status> {
        let mut aliases = self.aliases.clone();
        for action in actions {
            match action {
                Action::CreateAlias(made) => {
                    if !self.collections.contains_key(&made.collection_name) {
                        return Err(refusal::no_collection(&made.collection_name));
                    }
                    if self.collections.contains_key(&made.alias_name) {
                        return Err(refusal::taken(&made.alias_name));
                    }
                    aliases.insert(made.alias_name, made.collection_name);
                }
                Action::DeleteAlias(gone) => {
                    aliases.remove(&gone.alias_name);
                }
                Action::RenameAlias(names) => {
                    let old = names.old_alias_name;
                    let collection = aliases.remove(&old).ok_or_else(|| {
                        Status::not_found(format!("Not found: Alias {old} does not exists!"))
                    })?;
                    if self.collections.contains_key(&names.new_alias_name) {
                        return Err(refusal::taken(&names.new_alias_name));
                    }
                    aliases.insert(names.new_alias_name, collection);
                }
            }
        }
        self.aliases = aliases;
        Ok(())
    }
}
