//! Files whose structure is lost: cut off, or with damage where the catalog was.
//!
//! lopdf finds objects without a cross-reference table but wants a catalog. A catalog without
//! pages is put behind what is left of the file; the pages are then found by what they call
//! themselves.

use lopdf::{
    Dictionary, Document, Error, IncrementalDocument, LoadOptions, Object, xref::XrefRecovery,
};

/// An end of a file: whatever stream was cut ends, and a catalog follows. The numbers are the
/// highest that lopdf takes when it looks for objects.
const END: &[u8] = b"\nendstream\nendobj\n\
999999 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n\
999998 0 obj\n<< /Type /Catalog /Pages 999999 0 R >>\nendobj\n\
trailer\n<< /Root 999998 0 R /Size 1000000 >>\nstartxref\n0\n%%EOF\n";

/// What is left of a file that does not open.
pub(super) fn rebuild(bytes: &[u8], options: LoadOptions) -> Result<Document, Error> {
    let mut whole = Vec::with_capacity(bytes.len() + END.len());
    whole.extend_from_slice(bytes);
    whole.extend_from_slice(END);
    let options = LoadOptions { force_reconstruct: true, ..options };
    Document::load_mem_with_options(&whole, options)
}

/// The file with its encryption dictionary in an object of its own, behind the rest, where the trailer holds it: that is
/// allowed, but lopdf looks for a reference alone and takes such a file for one in the clear.
pub(super) fn refer_to_encryption(bytes: &[u8], document: &Document) -> Option<Vec<u8>> {
    let encryption = document.trailer.get(b"Encrypt").and_then(Object::as_dict).ok()?.clone();
    let mut update = IncrementalDocument::create_from(bytes.to_vec(), document.clone());
    let id = update.new_document.add_object(encryption);
    update.new_document.trailer.set("Encrypt", id);
    let mut updated = Vec::new();
    update.save_to(&mut updated).ok()?;
    Some(updated)
}

/// Whether pages may be missing from a document: its table was lost, and its tree counts more pages
/// than it leads to.
pub(super) fn is_short(document: &Document, pages: usize) -> bool {
    let counted = || {
        let tree = document.catalog()?.get_deref(b"Pages", document)?.as_dict()?;
        tree.get_deref(b"Count", document).and_then(Object::as_i64)
    };
    document.xref_recovery == Some(XrefRecovery::Reconstructed)
        && (counted().is_ok_and(|count| usize::try_from(count).is_ok_and(|count| count > pages))
            || is_rebuilt(document))
}

/// Whether the document's catalog is the one that was put behind it.
fn is_rebuilt(document: &Document) -> bool {
    document.trailer.get(b"Root").and_then(Object::as_reference).is_ok_and(|id| id.0 == 999_998)
}

/// Whether an object calls itself a page.
pub(super) fn is_page(object: &Object) -> bool {
    object.as_dict().is_ok_and(|page: &Dictionary| page.has_type(b"Page"))
}
