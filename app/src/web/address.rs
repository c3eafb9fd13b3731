//! Addresses of our own pages.

use std::fmt::Write;

/// `path` with those of `wanted` that have a value as its query.
pub(crate) fn with_query(path: &str, wanted: &[(&str, &String)]) -> String {
    let mut address = path.to_owned();
    let mut separator = '?';
    for (name, value) in wanted.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(separator);
        address.push_str(name);
        address.push('=');
        escape(value, &mut address);
        separator = '&';
    }
    address
}

fn escape(value: &str, address: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                address.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            _ => drop(write!(address, "%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_end_a_value_is_escaped() {
        let (words, none) = ("a&b=é +#".to_owned(), String::new());
        let address = with_query("/search", &[("q", &words), ("kind", &none), ("page", &words)]);
        assert_eq!(address, "/search?q=a%26b%3D%C3%A9%20%2B%23&page=a%26b%3D%C3%A9%20%2B%23");
    }
}
