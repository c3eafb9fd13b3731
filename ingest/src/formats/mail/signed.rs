//! The content of a mail that was wrapped in its signature (S/MIME, opaque): CMS signed data, RFC 5652.

/// Object identifiers, as they are written.
pub(super) const SIGNED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
pub(super) const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];

const OCTETS: u8 = 0x04;
const OCTETS_IN_PIECES: u8 = 0x24;
/// Bytes within which the outermost object says what it is.
const HEAD: usize = 64;

/// What was signed; `None` where this is no signed data, or was signed apart from it.
pub(super) fn content(cms: &[u8]) -> Option<Vec<u8>> {
    let signed = after(cms.get(..HEAD.min(cms.len()))?, SIGNED)?;
    let wrapped = cms.get(signed + after(cms.get(signed..)?, DATA)?..)?;
    let (_, explicit, _) = element(wrapped)?;
    match element(explicit)? {
        (OCTETS, octets, _) => Some(octets.to_vec()),
        (OCTETS_IN_PIECES, mut rest, _) => {
            let mut content = Vec::new();
            while let Some((OCTETS, octets, next)) = element(rest) {
                content.extend_from_slice(octets);
                rest = next;
            }
            Some(content)
        }
        _ => None,
    }
}

/// Where the bytes after an identifier begin.
fn after(bytes: &[u8], identifier: &[u8]) -> Option<usize> {
    let at = bytes.windows(identifier.len()).position(|at| at == identifier)?;
    Some(at + identifier.len())
}

/// Tag and content of the first element, and what comes after it. One of indefinite length has all the rest as content.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let [tag, length, rest @ ..] = bytes else { return None };
    let (length, rest) = match length {
        0x80 => return Some((*tag, rest, &[])),
        0..0x80 => (usize::from(*length), rest),
        long => {
            let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            let fold =
                |sum: usize, digit: &u8| sum.checked_mul(256)?.checked_add(usize::from(*digit));
            (digits.iter().try_fold(0, fold)?, rest)
        }
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((*tag, content, after))
}
