use crate::web::Fault;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;

/// Names and bytes of files under `assets/`.
macro_rules! compiled_in {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_bytes!(concat!("assets/", $name)).as_slice())),*]
    };
}

/// Everything that pages load: name, bytes.
const ASSETS: &[(&str, &[u8])] = &compiled_in!(
    "app.css",
    "app.js",
    "decisions.js",
    "detail.js",
    "forms.js",
    "icon.svg",
    "kept.js",
    "list.js",
    "pdf-view.js",
    "queue.js",
    "quote.js",
    "review.css",
    "said.js",
    "theme.js",
    "upload.js",
    "vendor/cmaps/90ms-RKSJ-H.bcmap",
    "vendor/cmaps/90ms-RKSJ-V.bcmap",
    "vendor/cmaps/Adobe-CNS1-UCS2.bcmap",
    "vendor/cmaps/Adobe-GB1-UCS2.bcmap",
    "vendor/cmaps/Adobe-Japan1-UCS2.bcmap",
    "vendor/cmaps/Adobe-Korea1-UCS2.bcmap",
    "vendor/cmaps/ETen-B5-H.bcmap",
    "vendor/cmaps/ETen-B5-V.bcmap",
    "vendor/cmaps/GB-EUC-H.bcmap",
    "vendor/cmaps/GB-EUC-V.bcmap",
    "vendor/cmaps/GBK-EUC-H.bcmap",
    "vendor/cmaps/GBK-EUC-V.bcmap",
    "vendor/cmaps/H.bcmap",
    "vendor/cmaps/KSCms-UHC-H.bcmap",
    "vendor/cmaps/KSCms-UHC-V.bcmap",
    "vendor/cmaps/UniCNS-UTF16-H.bcmap",
    "vendor/cmaps/UniCNS-UTF16-V.bcmap",
    "vendor/cmaps/UniGB-UCS2-H.bcmap",
    "vendor/cmaps/UniGB-UCS2-V.bcmap",
    "vendor/cmaps/UniGB-UTF16-H.bcmap",
    "vendor/cmaps/UniGB-UTF16-V.bcmap",
    "vendor/cmaps/UniJIS-UCS2-H.bcmap",
    "vendor/cmaps/UniJIS-UCS2-V.bcmap",
    "vendor/cmaps/UniJIS-UTF16-H.bcmap",
    "vendor/cmaps/UniJIS-UTF16-V.bcmap",
    "vendor/cmaps/UniKS-UCS2-H.bcmap",
    "vendor/cmaps/UniKS-UCS2-V.bcmap",
    "vendor/cmaps/UniKS-UTF16-H.bcmap",
    "vendor/cmaps/UniKS-UTF16-V.bcmap",
    "vendor/cmaps/V.bcmap",
    "vendor/pdf.min.mjs",
    "vendor/pdf.worker.min.mjs",
    "vendor/standard_fonts/FoxitDingbats.pfb",
    "vendor/standard_fonts/FoxitFixed.pfb",
    "vendor/standard_fonts/FoxitFixedBold.pfb",
    "vendor/standard_fonts/FoxitFixedBoldItalic.pfb",
    "vendor/standard_fonts/FoxitFixedItalic.pfb",
    "vendor/standard_fonts/FoxitSerif.pfb",
    "vendor/standard_fonts/FoxitSerifBold.pfb",
    "vendor/standard_fonts/FoxitSerifBoldItalic.pfb",
    "vendor/standard_fonts/FoxitSerifItalic.pfb",
    "vendor/standard_fonts/FoxitSymbol.pfb",
    "vendor/standard_fonts/LiberationSans-Bold.ttf",
    "vendor/standard_fonts/LiberationSans-BoldItalic.ttf",
    "vendor/standard_fonts/LiberationSans-Italic.ttf",
    "vendor/standard_fonts/LiberationSans-Regular.ttf",
    "vendor/wasm/jbig2.wasm",
    "vendor/wasm/openjpeg.wasm",
    "vendor/wasm/qcms_bg.wasm",
);

/// What draws PDFs may also run what is compiled to WebAssembly beside it (pictures in JBIG2 and JPEG 2000), and nothing
/// else may. A worker has the policy that its own file came with.
const WORKER: &str = "vendor/pdf.worker.min.mjs";
const WORKER_CONTENT: &str =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/// Each file's name with its bytes and their digest, by which a browser asks whether it has them already.
static BY_NAME: LazyLock<HashMap<&str, (&[u8], String)>> = LazyLock::new(|| {
    let tagged = ASSETS.iter().map(|(name, bytes)| (*name, (*bytes, tag(bytes))));
    tagged.collect()
});

/// A file that is compiled in; nothing of it where the browser has it.
pub(crate) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Fault> {
    let (bytes, tag) = BY_NAME
        .get(name.as_str())
        .ok_or_else(|| Fault::missing(format!("There is no asset {name}.")))?;
    let kept = [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, "no-cache")];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    let sort = [(header::CONTENT_TYPE, media_type(&name))];
    if name == WORKER {
        let policy = [(header::CONTENT_SECURITY_POLICY, WORKER_CONTENT)];
        return Ok((kept, sort, policy, *bytes).into_response());
    }
    Ok((kept, sort, *bytes).into_response())
}

/// A quoted digest of the bytes.
fn tag(bytes: &[u8]) -> String {
    let mut tag = String::from("\"");
    for byte in &Sha256::digest(bytes)[..16] {
        // Writing to a string cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag + "\""
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        Some("ttf") => "font/ttf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path as File;

    #[test]
    fn every_file_of_the_folder_is_compiled_in() {
        let root = File::new(env!("CARGO_MANIFEST_DIR")).join("src/web/assets");
        let mut folders = vec![root.clone()];
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in folder.read_dir().expect("the folder is listed").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path
                    .strip_prefix(&root)
                    .expect("lies in it")
                    .to_string_lossy()
                    .replace('\\', "/");
                let is_text = name.contains("LICENSE") || name.ends_with(".md");
                found.extend((!is_text).then_some(name));
            }
        }
        found.sort();
        let mut known: Vec<&str> = ASSETS.iter().map(|(name, _)| *name).collect();
        known.sort_unstable();
        assert_eq!(found, known);
    }
}
