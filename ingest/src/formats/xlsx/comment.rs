//! Comments on cells.

use super::sheet::{each_tag, main_part};
use crate::{
    Limits,
    fault::Fault,
    formats::{
        office::{self, Xml},
        zip::{Container, Relationship},
    },
};
use std::collections::HashMap;

/// A comment on a cell.
#[derive(Default)]
struct Comment {
    cell: String,
    /// An author's number, or a person's id.
    by: String,
    day: String,
    text: String,
}

/// The comments on cells. Of a conversation, its own part is read: the older form only says that there is one.
pub(super) fn comments(
    container: &mut Container<'_>,
    links: &[Relationship],
    limits: &Limits,
) -> Vec<String> {
    let part =
        |kind: &str| links.iter().find(|link| link.kind == kind).and_then(|link| link.part.clone());
    let mut people = HashMap::new();
    let mut found = Vec::new();
    if let Some(part) = part("threadedComment") {
        people = persons(container, limits).unwrap_or_default();
        found = read_comments(container, &part, limits, &mut people).unwrap_or_default();
    }
    if let Some(part) = part("comments") {
        let threads: Vec<String> = found.iter().map(|comment| comment.cell.clone()).collect();
        let plain = read_comments(container, &part, limits, &mut people).unwrap_or_default();
        found.extend(plain.into_iter().filter(|comment| !threads.contains(&comment.cell)));
    }
    found
        .into_iter()
        .filter(|comment| !comment.text.trim().is_empty())
        .map(|comment| {
            let name = people.get(&comment.by).map_or("", String::as_str).trim();
            let by: Vec<&str> =
                [name, comment.day.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
            let by = if by.is_empty() { String::new() } else { format!(" ({})", by.join(", ")) };
            format!("Comment{by} on {}: {}", comment.cell, comment.text.trim())
        })
        .collect()
}

/// The names of those who took part in conversations, by id.
fn persons(
    container: &mut Container<'_>,
    limits: &Limits,
) -> Result<HashMap<String, String>, Fault> {
    let main = main_part(container)?;
    let links = container.relationships(&main)?;
    let mut people = HashMap::new();
    for part in
        links.iter().filter(|link| link.kind == "person").filter_map(|link| link.part.as_ref())
    {
        each_tag(container, part, limits, |tag| {
            if tag.name == "person" {
                let name = tag.attribute("displayName").unwrap_or_default();
                people.extend(tag.attribute("id").map(|id| (id, name)));
            }
        })?;
    }
    Ok(people)
}

/// Reads comments of either form; authors that the part names itself join `people` by their number.
fn read_comments(
    container: &mut Container<'_>,
    part: &str,
    limits: &Limits,
    people: &mut HashMap<String, String>,
) -> Result<Vec<Comment>, Fault> {
    let mut found: Vec<Comment> = Vec::new();
    let Some(xml) = container.text(part)? else { return Ok(found) };
    let (mut authors, mut author, mut in_text) = (0_usize, None::<String>, false);
    office::each(part, &xml, limits, |event| {
        match event {
            Xml::Open(tag) => match tag.name {
                "author" => author = Some(String::new()),
                "comment" | "threadedComment" => {
                    let value = |name: &str| tag.attribute(name).unwrap_or_default();
                    let by = tag.attribute("authorId").or_else(|| tag.attribute("personId"));
                    found.push(Comment {
                        cell: value("ref"),
                        by: by.unwrap_or_default(),
                        day: value("dT").split('T').next().unwrap_or_default().to_owned(),
                        text: String::new(),
                    });
                }
                "t" | "text" => in_text = true,
                _ => {}
            },
            Xml::Text(text) => match (&mut author, found.last_mut()) {
                (Some(author), _) => author.push_str(text),
                (None, Some(comment)) if in_text => comment.text.push_str(text),
                _ => {}
            },
            Xml::Close { name: "author", .. } => {
                people.extend(author.take().map(|name| (authors.to_string(), name)));
                authors += 1;
            }
            Xml::Close { name: "t" | "text", .. } => in_text = false,
            Xml::Close { .. } => {}
        }
        Ok(())
    })?;
    Ok(found)
}
