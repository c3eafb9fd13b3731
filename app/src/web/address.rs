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

/// The names and values of a query, in order; a name may come more than once.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (unescape(name), unescape(value))
    })
}

/// What an escaped text says; what is escaped wrongly stays as it is.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = after
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match escaped {
            Some(byte) => bytes.push(byte),
            None => bytes.push(if *first == b'+' { b' ' } else { *first }),
        }
        rest = if escaped.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
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

    #[test]
    fn a_query_comes_apart_as_it_was_put_together() {
        let read: Vec<(String, String)> = pairs("a=1+2&a=%C3%A9%&b&&c=%zz").collect();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(read, [pair("a", "1 2"), pair("a", "é%"), pair("b", ""), pair("c", "%zz")]);
    }
}
