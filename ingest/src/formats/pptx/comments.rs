use super::text::Text;
use crate::{
    Limits,
    block::Block,
    fault::Fault,
    formats::office::{self, Xml},
};
use std::collections::HashMap;

#[derive(Default)]
struct Comment {
    author: String,
    date: String,
    text: String,
}

/// The names of those who comment, by id; of both kinds of comments.
pub(super) fn authors(part: &str, xml: &str, limits: &Limits) -> HashMap<String, String> {
    let mut names = HashMap::new();
    // Comments without names are still comments.
    let _ = office::each(part, xml, limits, |event| {
        if let Xml::Open(tag) = event
            && matches!(tag.name, "cmAuthor" | "author")
            && let (Some(id), Some(name)) = (tag.attribute("id"), tag.attribute("name"))
        {
            names.insert(id, name);
        }
        Ok(())
    });
    names
}

/// A slide's comments with their answers, told apart from what the slide says.
pub(super) fn read(
    part: &str,
    xml: &str,
    authors: &HashMap<String, String>,
    limits: &Limits,
) -> Result<Vec<Block>, Fault> {
    let mut comments: Vec<Comment> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut in_text = false;
    let mut text = Text::default();
    office::each(part, xml, limits, |event| {
        match event {
            Xml::Open(tag) => match tag.name {
                "cm" | "reply" => {
                    let author = tag.attribute("authorId").unwrap_or_default();
                    open.push(comments.len());
                    comments.push(Comment {
                        author: authors.get(&author).cloned().unwrap_or_default(),
                        date: tag
                            .attribute("dt")
                            .or_else(|| tag.attribute("created"))
                            .map(|date| date.chars().take(10).collect())
                            .unwrap_or_default(),
                        text: String::new(),
                    });
                }
                "text" => in_text = true,
                name => text.open(name, &tag),
            },
            Xml::Text(piece) => match open.last().and_then(|at| comments.get_mut(*at)) {
                Some(comment) if in_text => comment.text.push_str(piece),
                _ => text.text(piece),
            },
            Xml::Close { name, .. } => match name {
                "cm" | "reply" => {
                    open.pop();
                }
                "text" => in_text = false,
                "txBody" => {
                    let lines: Vec<String> =
                        text.take().into_iter().map(|line| line.text).collect();
                    if let Some(comment) = open.last().and_then(|at| comments.get_mut(*at)) {
                        comment.text.push_str(&lines.join("\n"));
                    }
                }
                name => text.close(name),
            },
        }
        Ok(())
    })?;
    Ok(comments.into_iter().filter(|one| !one.text.trim().is_empty()).map(Comment::block).collect())
}

impl Comment {
    fn block(self) -> Block {
        crate::formats::comment(&self.author, &self.date, &self.text)
    }
}
