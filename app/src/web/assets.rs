use crate::web::Fault;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

/// What is compiled in: name, media type, bytes.
const ASSETS: [(&str, &str, &[u8]); 2] = [
    ("app.css", "text/css; charset=utf-8", include_bytes!("assets/app.css")),
    ("app.js", "text/javascript; charset=utf-8", include_bytes!("assets/app.js")),
];

/// A file that is compiled in.
pub(crate) async fn asset(Path(name): Path<String>) -> Result<Response, Fault> {
    let (_, media_type, bytes) = ASSETS
        .iter()
        .find(|(known, _, _)| *known == name)
        .ok_or_else(|| Fault::missing(format!("There is no asset {name}.")))?;
    Ok(([(header::CONTENT_TYPE, *media_type)], *bytes).into_response())
}
