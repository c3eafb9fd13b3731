use super::*;
use crate::pdf::{PdfCell, PdfLine};

/// Lines of plain text, one below the other.
pub(super) fn lines(texts: &[&str]) -> Vec<PdfLine> {
    let line = |(index, text): (usize, &&str)| PdfLine {
        text: (*text).to_owned(),
        size: 10.0,
        bold: false,
        x: 72.0,
        y: 700.0 - 12.0 * index as f32,
        right: 72.0 + 5.0 * text.chars().count() as f32,
        gap_before: (index > 0).then_some(1.2),
        artifact: false,
        cells: Vec::new(),
        tag: None,
    };
    texts.iter().enumerate().map(line).collect()
}

/// A page of lines.
pub(super) fn page(lines: Vec<PdfLine>) -> PdfPage {
    PdfPage { status: PageStatus::Ok, lines, has_images: false, width: 600.0, height: 800.0 }
}

fn line(places: &[f32]) -> PdfLine {
    let cell = |x: &f32| PdfCell { text: format!("at {x}"), x: *x, right: *x + 8.0, column: None };
    PdfLine {
        text: "cells".into(),
        size: 10.0,
        bold: false,
        x: places.first().copied().unwrap_or_default(),
        y: 400.0,
        right: 500.0,
        gap_before: Some(1.2),
        artifact: false,
        cells: places.iter().map(cell).collect(),
        tag: None,
    }
}

fn page_blocks(lines: Vec<PdfLine>, limits: &Limits) -> Result<Vec<Block>, Fault> {
    let mut blocks = blocks(&[page(lines)], &[], &Scans::default(), Budget::of(limits))?;
    blocks.remove(0);
    Ok(blocks)
}

#[test]
fn rows_that_go_on_join_their_grid() -> Result<(), Fault> {
    let lines = vec![line(&[50.0, 200.0]), line(&[52.0, 205.0, 400.0]), line(&[50.0, 396.0])];
    let blocks = page_blocks(lines, &Limits::default())?;
    let [Block::Table { header: None, rows }] = blocks.as_slice() else {
        panic!("one table: {blocks:?}");
    };
    assert_eq!(rows[2], ["at 50", "", "at 396"]);
    Ok(())
}

#[test]
fn a_grid_s_empty_cells_are_counted_and_its_columns_limited() -> Result<(), Fault> {
    let long: Vec<PdfLine> = (0..4000).map(|_| line(&[50.0, 70.0, 90.0, 110.0])).collect();
    let short = Limits { text_chars: 20_000, ..Limits::default() };
    assert!(matches!(page_blocks(long, &short), Err(Fault::OverLimit { .. })));
    let drifting = |n: u16| line(&[f32::from(n) * 10.0, f32::from(n + 1) * 10.0, 5.0]);
    let lines = (0..20_000).map(drifting).collect();
    let blocks = page_blocks(lines, &Limits::default())?;
    assert_eq!(blocks.len(), 20_000);
    assert_eq!(blocks[7], Block::Paragraph("at 70 | at 80 | at 5".into()));
    Ok(())
}

#[test]
fn a_single_page_s_footer_is_told_by_its_page_number() -> Result<(), Fault> {
    let blocks_with = |last: &str, clear: bool| {
        let mut lines = lines(&["The alert was tested.", "All four units are closed.", last]);
        if clear {
            let footer = &mut lines[2];
            (footer.y, footer.gap_before) = (40.0, Some(30.0));
        }
        page_blocks(lines, &Limits::default())
    };
    let is_furniture = |block: &Block| matches!(block, Block::Furniture(_));
    let footer = "INC-7 / final / 4 June 2026   Page 1 of 1";
    assert!(blocks_with(footer, true)?.last().is_some_and(is_furniture));
    assert!(!blocks_with(footer, false)?.iter().any(is_furniture), "it stands in the text");
    assert!(!blocks_with("See the plan for all pages", true)?.iter().any(is_furniture));
    Ok(())
}

#[test]
fn numbered_sentences_are_paragraphs_of_their_own() -> Result<(), Fault> {
    let texts = [
        "4 Suppliers are checked before they are trusted and again while they are.",
        "5 Whoever notices an event reports it at once, by telephone or through",
        "the service desk, as laid down in",
        "6 The incident procedure.",
    ];
    let blocks = page_blocks(lines(&texts), &Limits::default())?;
    let [Block::Paragraph(first), Block::Paragraph(second)] = blocks.as_slice() else {
        panic!("two paragraphs: {blocks:?}");
    };
    assert_eq!(first, texts[0]);
    assert!(second.starts_with("5 Whoever") && second.ends_with("6 The incident procedure."));
    Ok(())
}
