use crate::StoreError;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// `value` as JSON text; `what` names its sort in the error.
pub(crate) fn write<T: Serialize + ?Sized>(
    what: &'static str,
    value: &T,
) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|source| StoreError::Unstorable { what, source })
}

/// The value that `text` is the JSON of.
pub(crate) fn read<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|source| StoreError::Stored { what, source })
}

/// The name of a variant without content, as its type serialises it.
pub(crate) fn write_name<T: Serialize>(what: &'static str, value: T) -> Result<String, StoreError> {
    let unstorable = |source| StoreError::Unstorable { what, source };
    match serde_json::to_value(value).map_err(unstorable)? {
        Value::String(name) => Ok(name),
        other => Ok(other.to_string()),
    }
}

/// The variant that [`write_name`] named.
pub(crate) fn read_name<T: DeserializeOwned>(
    what: &'static str,
    name: String,
) -> Result<T, StoreError> {
    serde_json::from_value(Value::String(name))
        .map_err(|source| StoreError::Stored { what, source })
}

/// A count as SQLite holds it; what no memory or disk can hold is cut to the largest.
pub(crate) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count as it was before [`signed`].
pub(crate) fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
