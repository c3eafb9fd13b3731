use crate::json::{signed, unsigned};
use crate::store::now;
use crate::{Store, StoreError, changes, json, span_bytes};
use serde::Serialize;
use sqlx::SqliteConnection;
use sufficit_evidence::{Document, DocumentId, Passage, PassageShape, Span};

/// A document that a file on disk is known to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentDocument {
    /// The document.
    pub id: DocumentId,
    /// Where it lies, relative to the folders that were given; sorted, each once, at least one.
    pub paths: Vec<String>,
    /// Passages that it was cut into.
    pub passages: u32,
}

/// A passage without its text: ordinal, first character, end, page, heading, context, shape.
type PassageColumns = (u32, i64, i64, Option<u32>, String, Option<String>, String);

impl Store {
    /// The current documents, by their first path and then by id, each with all its paths.
    pub async fn current_documents(&self) -> Result<Vec<CurrentDocument>, StoreError> {
        let rows: Vec<(String, String, u32)> = sqlx::query_as(
            "SELECT DISTINCT document, path, passages FROM source WHERE document IS NOT NULL
             ORDER BY document, path",
        )
        .fetch_all(&self.pool)
        .await?;
        let mut documents: Vec<CurrentDocument> = Vec::new();
        for (document, path, passages) in rows {
            match documents.last_mut() {
                Some(last) if last.id.as_str() == document => last.paths.push(path),
                _ => documents.push(CurrentDocument {
                    id: DocumentId::new(document),
                    paths: vec![path],
                    passages,
                }),
            }
        }
        documents.sort_by(|a, b| (&a.paths, &a.id).cmp(&(&b.paths, &b.id)));
        Ok(documents)
    }

    /// Where the document lies, by path; empty where no file on disk holds it.
    pub async fn paths(&self, id: &DocumentId) -> Result<Vec<String>, StoreError> {
        let paths =
            sqlx::query_scalar("SELECT DISTINCT path FROM source WHERE document = ? ORDER BY path");
        Ok(paths.bind(id.as_str()).fetch_all(&self.pool).await?)
    }

    /// The document as it was recorded, current or not; `None` where it is not in the record.
    pub async fn document(&self, id: &DocumentId) -> Result<Option<Document>, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let columns: Option<(i64, String, i64, String, String, String, String)> = sqlx::query_as(
            "SELECT id, media_type, bytes, language, pages, facts, text FROM document WHERE sha256 = ?",
        )
        .bind(id.as_str())
        .fetch_optional(&mut *transaction)
        .await?;
        let Some((key, media_type, bytes, language, pages, facts, text)) = columns else {
            return Ok(None);
        };
        let rows: Vec<(i64, i64, PassageColumns)> = passages_of(&mut transaction, key).await?;
        let passages = rows
            .into_iter()
            .map(|(start, end, rest)| {
                let bytes = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
                let slice = text.get(bytes).ok_or_else(|| StoreError::PassageText {
                    document: id.clone(),
                    ordinal: usize::try_from(rest.0).unwrap_or(usize::MAX),
                })?;
                passage(rest, slice.to_owned())
            })
            .collect::<Result<_, _>>()?;
        Ok(Some(Document {
            id: id.clone(),
            media_type,
            bytes: unsigned(bytes),
            pages: json::read("list of pages", &pages)?,
            language: json::read("language", &language)?,
            facts: json::read("document's facts", &facts)?,
            text,
            passages,
        }))
    }

    /// One passage, without loading its document; `None` where there is no such document or passage.
    pub async fn passage(
        &self,
        document: &DocumentId,
        ordinal: u32,
    ) -> Result<Option<Passage>, StoreError> {
        type Row = (Vec<u8>, u32, i64, i64, Option<u32>, String, Option<String>, String);
        let row: Option<Row> = sqlx::query_as(
            "SELECT substr(CAST(text AS BLOB), byte_start + 1, byte_end - byte_start),
                        ordinal, char_start, char_end, page, heading, context, shape
                 FROM document JOIN passage ON passage.document = document.id
                 WHERE sha256 = ? AND ordinal = ?",
        )
        .bind(document.as_str())
        .bind(ordinal)
        .fetch_optional(&self.pool)
        .await?;
        let Some((bytes, ordinal, start, end, page, heading, context, shape)) = row else {
            return Ok(None);
        };
        let text = String::from_utf8(bytes).map_err(|_| StoreError::PassageText {
            document: document.clone(),
            ordinal: usize::try_from(ordinal).unwrap_or(usize::MAX),
        })?;
        passage((ordinal, start, end, page, heading, context, shape), text).map(Some)
    }
}

async fn passages_of(
    connection: &mut SqliteConnection,
    document: i64,
) -> Result<Vec<(i64, i64, PassageColumns)>, StoreError> {
    type Row = (i64, i64, u32, i64, i64, Option<u32>, String, Option<String>, String);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT byte_start, byte_end, ordinal, char_start, char_end, page, heading, context, shape
         FROM passage WHERE document = ? ORDER BY ordinal",
    )
    .bind(document)
    .fetch_all(connection)
    .await?;
    let split = |(byte_start, byte_end, ordinal, start, end, page, heading, context, shape)| {
        (byte_start, byte_end, (ordinal, start, end, page, heading, context, shape))
    };
    Ok(rows.into_iter().map(split).collect())
}

fn passage(columns: PassageColumns, text: String) -> Result<Passage, StoreError> {
    let (ordinal, start, end, page, heading, context, shape) = columns;
    Ok(Passage {
        ordinal,
        span: Span::new(usize::try_from(start).unwrap_or(0), usize::try_from(end).unwrap_or(0)),
        page,
        heading: json::read("heading path", &heading)?,
        context: context.map(|context| json::read("passage's context", &context)).transpose()?,
        shape: json::read_name("passage's shape", shape)?,
        text,
    })
}

/// Stores `document` as `extractor` read it, where it is not stored so already. One that another
/// extractor read is replaced, and what was mapped from it goes.
pub(crate) async fn store(
    connection: &mut SqliteConnection,
    document: &Document,
    extractor: &str,
) -> Result<(), StoreError> {
    let stored: Option<(i64, String, bool)> =
        sqlx::query_as("SELECT id, extractor, current FROM document WHERE sha256 = ?")
            .bind(document.id.as_str())
            .fetch_optional(&mut *connection)
            .await?;
    if let Some((key, known, current)) = stored {
        if known == extractor {
            return Ok(());
        }
        for clearing in
            ["DELETE FROM passage WHERE document = ?", "DELETE FROM mapping WHERE document = ?"]
        {
            sqlx::query(clearing).bind(key).execute(&mut *connection).await?;
        }
        if current {
            changes::note(connection, document.id.as_str(), false).await?;
        }
    }
    let key: i64 = sqlx::query_scalar(
        "INSERT INTO document
            (sha256, media_type, bytes, extractor, current, recorded, language, pages, facts, text)
         VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?)
         ON CONFLICT (sha256) DO UPDATE SET
            media_type = excluded.media_type, bytes = excluded.bytes, extractor = excluded.extractor,
            recorded = excluded.recorded, language = excluded.language, pages = excluded.pages,
            facts = excluded.facts, text = excluded.text
         RETURNING id",
    )
    .bind(document.id.as_str())
    .bind(&document.media_type)
    .bind(signed(document.bytes))
    .bind(extractor)
    .bind(now())
    .bind(json::write("language", &document.language)?)
    .bind(json::write("list of pages", &document.pages)?)
    .bind(json::write("document's facts", &document.facts)?)
    .bind(&document.text)
    .fetch_one(&mut *connection)
    .await?;
    store_passages(connection, key, document).await
}

/// A passage as it goes into SQL: its text left out, where it stands given in bytes too.
#[derive(Serialize)]
struct PassageRow<'a>(
    u32,
    usize,
    usize,
    usize,
    usize,
    Option<u32>,
    &'a [String],
    Option<&'a str>,
    PassageShape,
);

/// One statement for all passages of a document: each statement is a trip to SQLite's thread and back.
async fn store_passages(
    connection: &mut SqliteConnection,
    key: i64,
    document: &Document,
) -> Result<(), StoreError> {
    let bytes = span_bytes::of_passages(document)
        .map_err(|ordinal| StoreError::PassageText { document: document.id.clone(), ordinal })?;
    let mut rows = Vec::with_capacity(document.passages.len());
    for (passage, (byte_start, byte_end)) in document.passages.iter().zip(bytes) {
        rows.push(PassageRow(
            passage.ordinal,
            passage.span.start,
            passage.span.end,
            byte_start,
            byte_end,
            passage.page,
            &passage.heading,
            passage.context.as_deref(),
            passage.shape,
        ));
    }
    // Headings and context stay JSON (`->`): SQLite's `->>` ends a text at an escaped NUL.
    sqlx::query(
        "INSERT INTO passage
            (document, ordinal, char_start, char_end, byte_start, byte_end, page, heading, context, shape)
         SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
                value -> 6, nullif(value -> 7, 'null'), value ->> 8
         FROM json_each(?)",
    )
    .bind(key)
    .bind(json::write("list of passages", &rows)?)
    .execute(connection)
    .await?;
    Ok(())
}
