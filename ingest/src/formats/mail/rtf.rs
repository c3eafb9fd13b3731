//! Rich text as mails carry it: compressed ([MS-OXRTFCP]), and often only a wrapping for HTML or plain text ([MS-OXRTFEX]).

use encoding_rs::{Encoding, WINDOWS_1252};

/// What the window of the compression holds at its start.
const DICTIONARY: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const WINDOW: usize = 4096;

/// Unpacks compressed rich text; `None` where it is none. What breaks off is given as far as it goes.
pub(super) fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let (header, body) = packed.split_at_checked(16)?;
    match header.get(8..12)? {
        b"MELA" => return Some(body.to_vec()),
        b"LZFu" => {}
        _ => return None,
    }
    let mut window = [b' '; WINDOW];
    window.get_mut(..DICTIONARY.len())?.copy_from_slice(DICTIONARY);
    let mut at = DICTIONARY.len();
    // A run is of at most seventeen bytes and packed in two, so that this is never large.
    let mut out = Vec::new();
    let mut put = |byte: u8, window: &mut [u8; WINDOW], at: &mut usize| {
        if let Some(place) = window.get_mut(*at % WINDOW) {
            *place = byte;
        }
        *at = (*at + 1) % WINDOW;
        out.push(byte);
    };
    let mut input = body.iter().copied();
    'runs: while let Some(control) = input.next() {
        for bit in 0..8 {
            if control >> bit & 1 == 0 {
                let Some(byte) = input.next() else { break 'runs };
                put(byte, &mut window, &mut at);
                continue;
            }
            let (Some(high), Some(low)) = (input.next(), input.next()) else { break 'runs };
            let word = u16::from_be_bytes([high, low]);
            let (from, length) = (usize::from(word >> 4), usize::from(word & 15) + 2);
            if from == at {
                break 'runs;
            }
            for n in 0..length {
                let byte = window.get((from + n) % WINDOW).copied().unwrap_or(b' ');
                put(byte, &mut window, &mut at);
            }
        }
    }
    Some(out)
}

/// What was wrapped in rich text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wrapped {
    Html(String),
    Text(String),
}

/// Takes HTML or plain text out of rich text; `None` where the rich text is the document itself.
pub(super) fn unwrap(rich: &[u8]) -> Option<Wrapped> {
    let head = rich.get(..rich.len().min(1024))?;
    let says = |word: &[u8]| head.windows(word.len()).any(|at| at == word);
    let html = says(b"\\fromhtml");
    if !html && !says(b"\\fromtext") {
        return None;
    }
    let mut reader = Reader::new(rich);
    reader.run();
    reader.flush();
    Some(if html { Wrapped::Html(reader.out) } else { Wrapped::Text(reader.out) })
}

/// Groups open at once; deeper ones share the state of the last.
const DEPTH: usize = 1000;

/// What holds within a group.
#[derive(Clone, Copy)]
struct Group {
    /// Formatting of the rich text's own, or a destination that holds no text.
    silent: bool,
    /// Whether the rich text repeats here what the HTML says.
    repeated: bool,
    /// Bytes after a Unicode character that repeat it.
    fallback: usize,
    font: i32,
}

struct Reader<'a> {
    input: &'a [u8],
    at: usize,
    out: String,
    /// Bytes that wait for decoding together: a character may take two.
    pending: Vec<u8>,
    group: Group,
    open: Vec<Group>,
    deeper: usize,
    code_page: &'static Encoding,
    /// Charsets of fonts, for those that name another than the document's.
    fonts: Vec<(i32, &'static Encoding)>,
    in_fonts: Option<usize>,
    skip: usize,
    /// The high half of a character given in two.
    surrogate: Option<u16>,
}

impl<'a> Reader<'a> {
    fn new(input: &'a [u8]) -> Self {
        Self {
            input,
            at: 0,
            out: String::new(),
            pending: Vec::new(),
            group: Group { silent: false, repeated: false, fallback: 1, font: -1 },
            open: Vec::new(),
            deeper: 0,
            code_page: WINDOWS_1252,
            fonts: Vec::new(),
            in_fonts: None,
            skip: 0,
            surrogate: None,
        }
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.input.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn run(&mut self) {
        while let Some(byte) = self.next() {
            match byte {
                b'{' => self.enter(),
                b'}' => self.leave(),
                b'\\' => self.control(),
                b'\r' | b'\n' | 0 => {}
                byte => self.byte(byte),
            }
        }
    }

    fn enter(&mut self) {
        self.flush();
        self.skip = 0;
        if self.open.len() < DEPTH {
            self.open.push(self.group);
        } else {
            self.deeper += 1;
        }
    }

    fn leave(&mut self) {
        self.flush();
        self.skip = 0;
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        if let Some(group) = self.open.pop() {
            self.group = group;
        }
        if self.in_fonts.is_some_and(|depth| self.open.len() < depth) {
            self.in_fonts = None;
        }
    }

    fn control(&mut self) {
        let Some(first) = self.input.get(self.at).copied() else { return };
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            match first {
                b'\'' => {
                    let digits = self.input.get(self.at..self.at + 2).unwrap_or_default();
                    let byte = std::str::from_utf8(digits)
                        .ok()
                        .and_then(|digits| u8::from_str_radix(digits, 16).ok());
                    if let Some(byte) = byte {
                        self.at += 2;
                        self.byte(byte);
                    }
                }
                b'*' => self.starred(),
                b'~' => self.text("\u{a0}"),
                b'_' => self.text("\u{2011}"),
                b'\r' | b'\n' => self.text("\r\n"),
                b'\\' | b'{' | b'}' => self.byte(first),
                _ => {}
            }
            return;
        }
        let (word, number) = self.word();
        match word {
            b"htmlrtf" => {
                self.flush();
                self.group.repeated = number != Some(0);
            }
            b"ansicpg" => {
                let named = number.and_then(|number| u16::try_from(number).ok());
                if let Some(encoding) = named.and_then(codepage::to_encoding) {
                    self.code_page = encoding;
                }
            }
            b"fonttbl" => {
                self.in_fonts = Some(self.open.len());
                self.group.silent = true;
            }
            b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"object" | b"header" | b"footer" => {
                self.group.silent = true;
            }
            b"f" => {
                self.flush();
                self.group.font = number.unwrap_or(-1);
            }
            b"fcharset" if self.in_fonts.is_some() => {
                if let Some(encoding) = number.and_then(charset)
                    && self.fonts.len() < DEPTH
                {
                    self.fonts.push((self.group.font, encoding));
                }
            }
            b"uc" => {
                self.group.fallback = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1)
            }
            b"u" => {
                // Written as a signed number of sixteen bits.
                let unit = number.map_or(0xfffd, |number| number as u16);
                self.unicode(unit);
                self.skip = self.group.fallback;
            }
            b"par" | b"line" => self.text("\r\n"),
            b"tab" => self.text("\t"),
            b"lquote" => self.text("\u{2018}"),
            b"rquote" => self.text("\u{2019}"),
            b"ldblquote" => self.text("\u{201c}"),
            b"rdblquote" => self.text("\u{201d}"),
            b"bullet" => self.text("\u{2022}"),
            b"endash" => self.text("\u{2013}"),
            b"emdash" => self.text("\u{2014}"),
            b"bin" => {
                let length = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
                self.at = self.at.saturating_add(length).min(self.input.len());
            }
            _ => {}
        }
    }

    /// A destination that readers may leave out, unless it holds a tag of the HTML.
    fn starred(&mut self) {
        while self.input.get(self.at).is_some_and(|byte| matches!(byte, b' ' | b'\r' | b'\n')) {
            self.at += 1;
        }
        let from = self.at;
        if self.input.get(from) == Some(&b'\\') {
            self.at += 1;
            if self.word().0 == b"htmltag" {
                self.group.silent = false;
                return;
            }
            self.at = from;
        }
        self.group.silent = true;
    }

    /// A control word and its number, with the one space that ends it.
    fn word(&mut self) -> (&'a [u8], Option<i32>) {
        let rest = self.input.get(self.at..).unwrap_or_default();
        let letters = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (word, rest) = rest.split_at_checked(letters).unwrap_or((rest, &[]));
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest.iter().skip(sign).take_while(|byte| byte.is_ascii_digit()).count();
        let length = if digits == 0 { 0 } else { sign + digits };
        let number = rest.get(..length).and_then(|number| std::str::from_utf8(number).ok());
        self.at += letters + length + usize::from(rest.get(length) == Some(&b' '));
        (word, number.and_then(|number| number.parse().ok()))
    }

    fn is_silent(&self) -> bool {
        self.group.silent || self.group.repeated
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if !self.is_silent() {
            self.pending.push(byte);
        }
    }

    fn text(&mut self, text: &str) {
        self.skip = 0;
        if !self.is_silent() {
            self.flush();
            self.out.push_str(text);
        }
    }

    fn unicode(&mut self, unit: u16) {
        if self.is_silent() {
            return;
        }
        self.flush();
        let units = match (self.surrogate.take(), unit) {
            (None, 0xd800..0xdc00) => {
                self.surrogate = Some(unit);
                return;
            }
            (Some(high), low) => vec![high, low],
            (None, unit) => vec![unit],
        };
        self.out.extend(
            char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)),
        );
    }

    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let font = self.group.font;
        let encoding = self
            .fonts
            .iter()
            .find(|(own, _)| *own == font)
            .map_or(self.code_page, |(_, encoding)| *encoding);
        self.out.push_str(&encoding.decode_without_bom_handling(&self.pending).0);
        self.pending.clear();
    }
}

/// The encoding of a font's charset, where it is another than the document's.
fn charset(number: i32) -> Option<&'static Encoding> {
    Some(match number {
        128 => encoding_rs::SHIFT_JIS,
        129 => encoding_rs::EUC_KR,
        134 => encoding_rs::GBK,
        136 => encoding_rs::BIG5,
        161 => encoding_rs::WINDOWS_1253,
        162 => encoding_rs::WINDOWS_1254,
        163 => encoding_rs::WINDOWS_1258,
        177 => encoding_rs::WINDOWS_1255,
        178 => encoding_rs::WINDOWS_1256,
        186 => encoding_rs::WINDOWS_1257,
        204 => encoding_rs::WINDOWS_1251,
        222 => encoding_rs::WINDOWS_874,
        238 => encoding_rs::WINDOWS_1250,
        _ => return None,
    })
}
