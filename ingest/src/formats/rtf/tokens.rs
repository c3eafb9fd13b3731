/// A piece of an RTF file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open,
    Close,
    /// A control word with its number.
    Word(&'a str, Option<i32>),
    /// A control symbol: `\~`, `\*`.
    Symbol(u8),
    /// A byte in hexadecimal, of the code page that holds there.
    Byte(u8),
    Text(&'a [u8]),
}

/// Cuts a file into tokens. Binary data (`\bin`) is left out, line breaks between tokens too.
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn run(&mut self, wanted: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !wanted(*byte)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn control(&mut self) -> Option<Token<'a>> {
        let first = self.peek()?;
        if first.is_ascii_alphabetic() {
            return Some(self.word());
        }
        self.at += 1;
        if first != b'\'' {
            return Some(Token::Symbol(first));
        }
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let digits = self.bytes.get(self.at..self.at + 2).unwrap_or_default();
        match digits {
            [high, low] if digit(*high).is_some() && digit(*low).is_some() => {
                self.at += 2;
                let value = digit(*high).unwrap_or(0) * 16 + digit(*low).unwrap_or(0);
                Some(Token::Byte(value as u8))
            }
            _ => Some(Token::Symbol(first)),
        }
    }

    fn word(&mut self) -> Token<'a> {
        let name = std::str::from_utf8(self.run(|byte| byte.is_ascii_alphabetic())).unwrap_or("");
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let digits = self.run(|byte| byte.is_ascii_digit());
        let number = if digits.is_empty() {
            self.at = start;
            None
        } else {
            let number = self.bytes.get(start..self.at).unwrap_or_default();
            std::str::from_utf8(number).ok().and_then(|number| number.parse().ok())
        };
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        if name == "bin" {
            let length = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
            self.at = self.at.saturating_add(length).min(self.bytes.len());
        }
        Token::Word(name, number)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.run(|byte| matches!(byte, b'\r' | b'\n' | 0));
        match self.peek()? {
            b'{' => {
                self.at += 1;
                Some(Token::Open)
            }
            b'}' => {
                self.at += 1;
                Some(Token::Close)
            }
            b'\\' => {
                self.at += 1;
                self.control()
            }
            _ => Some(Token::Text(
                self.run(|byte| !matches!(byte, b'{' | b'}' | b'\\' | b'\r' | b'\n' | 0)),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_bytes_and_binary() {
        let tokens: Vec<Token<'_>> =
            Tokens::new(b"{\\b0 x\\u-3913?\\'e4\\~\\bin3 }}}\\'z\\fs99999999999\r\ny").collect();
        let expected = [
            Token::Open,
            Token::Word("b", Some(0)),
            Token::Text(b"x"),
            Token::Word("u", Some(-3913)),
            Token::Text(b"?"),
            Token::Byte(0xe4),
            Token::Symbol(b'~'),
            Token::Word("bin", Some(3)),
            Token::Symbol(b'\''),
            Token::Text(b"z"),
            Token::Word("fs", None),
            Token::Text(b"y"),
        ];
        assert_eq!(tokens, expected);
    }
}
