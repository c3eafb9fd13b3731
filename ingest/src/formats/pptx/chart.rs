use crate::{
    Limits,
    block::Block,
    budget::Budget,
    fault::Fault,
    formats::office::{self, Space, Xml},
};
use std::collections::BTreeMap;

/// Points of a chart, and series; what is over is a picture of data rather than text.
const POINTS: usize = 500;
const SERIES: usize = 40;

#[derive(Default)]
struct Series {
    name: String,
    categories: BTreeMap<u32, String>,
    values: BTreeMap<u32, String>,
}

/// Which text of a chart is being read.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Title,
    Name,
    Categories,
    Values,
}

/// A chart: its title, then a table of its categories with the values of each series.
pub(super) fn read(
    part: &str,
    xml: &str,
    budget: &mut Budget,
    limits: &Limits,
) -> Result<Vec<Block>, Fault> {
    let mut titles: Vec<String> = Vec::new();
    let mut series: Vec<Series> = Vec::new();
    let mut within: Vec<Part> = Vec::new();
    let (mut index, mut in_text, mut in_series) = (0_u32, false, false);
    office::each(part, xml, limits, |event| {
        match event {
            Xml::Open(tag) => match (tag.space, tag.name) {
                (Space::Chart, "title") => {
                    titles.push(String::new());
                    within.push(Part::Title);
                }
                (Space::Chart, "ser") => {
                    in_series = true;
                    series.push(Series::default());
                }
                (Space::Chart, "tx") if in_series => within.push(Part::Name),
                (Space::Chart, "cat" | "xVal") => within.push(Part::Categories),
                (Space::Chart, "val" | "yVal") => within.push(Part::Values),
                (Space::Chart, "pt") => {
                    index = tag.attribute("idx").and_then(|at| at.parse().ok()).unwrap_or(0);
                }
                (Space::Chart, "v") | (Space::Drawing, "t") => in_text = true,
                (Space::Drawing, "p" | "br") if within.last() == Some(&Part::Title) => {
                    if let Some(title) = titles.last_mut() {
                        title.push(' ');
                    }
                }
                _ => {}
            },
            Xml::Close { space, name } => match (space, name) {
                (Space::Chart, "title" | "cat" | "xVal" | "val" | "yVal") => {
                    within.pop();
                }
                (Space::Chart, "tx") if in_series => {
                    within.pop();
                }
                (Space::Chart, "ser") => in_series = false,
                (Space::Chart, "v") | (Space::Drawing, "t") => in_text = false,
                _ => {}
            },
            Xml::Text(text) if in_text => match (within.last(), series.last_mut()) {
                (Some(Part::Title), _) => {
                    if let Some(title) = titles.last_mut() {
                        title.push_str(text);
                    }
                }
                (Some(Part::Name), Some(series)) => series.name.push_str(text),
                (Some(Part::Categories), Some(series)) => {
                    series.categories.entry(index).or_default().push_str(text);
                }
                (Some(Part::Values), Some(series)) => {
                    series.values.entry(index).or_default().push_str(text);
                }
                _ => {}
            },
            Xml::Text(_) => {}
        }
        Ok(())
    })?;
    let mut blocks: Vec<Block> = Vec::new();
    for title in titles.into_iter().filter(|title| !title.trim().is_empty()) {
        budget.text(&title)?;
        blocks.push(Block::Paragraph(title));
    }
    blocks.extend(table(&series, budget)?);
    Ok(blocks)
}

fn table(series: &[Series], budget: &mut Budget) -> Result<Option<Block>, Fault> {
    let shown = series.get(..SERIES.min(series.len())).unwrap_or_default();
    let mut points: Vec<u32> = shown
        .iter()
        .flat_map(|one| one.categories.keys().chain(one.values.keys()).copied())
        .collect();
    points.sort_unstable();
    points.dedup();
    points.truncate(POINTS);
    let mut rows = Vec::with_capacity(points.len());
    for point in points {
        let category = shown.iter().find_map(|one| one.categories.get(&point));
        let mut row = vec![category.cloned().unwrap_or_default()];
        row.extend(
            shown
                .iter()
                .map(|one| one.values.get(&point).map(|value| number(value)).unwrap_or_default()),
        );
        row.iter().try_for_each(|cell| budget.cell(cell))?;
        rows.push(row);
    }
    let named = shown.iter().any(|one| !one.name.trim().is_empty());
    let header = named.then(|| {
        std::iter::once(String::new())
            .chain(shown.iter().map(|one| one.name.clone()))
            .collect::<Vec<_>>()
    });
    for cell in header.iter().flatten() {
        budget.cell(cell)?;
    }
    Ok((header.is_some() || !rows.is_empty()).then_some(Block::Table { header, rows }))
}

/// A cached value without the tail that binary fractions leave.
fn number(value: &str) -> String {
    match value.trim().parse::<f64>() {
        Ok(number) if value.trim().len() > 8 && number.is_finite() && number.abs() < 1e15 => {
            let short = format!("{number:.4}");
            if short.contains('.') {
                short.trim_end_matches('0').trim_end_matches('.').to_owned()
            } else {
                short
            }
        }
        _ => value.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_a_title_and_a_table() -> Result<(), Fault> {
        let xml = r#"<q:chartSpace xmlns:q="http://purl.oclc.org/ooxml/drawingml/chart" xmlns:a="http://purl.oclc.org/ooxml/drawingml/main"><q:chart>
            <q:title><q:tx><q:rich><a:p><a:r><a:t>Open findings</a:t></a:r></a:p></q:rich></q:tx></q:title><q:ser><q:tx><q:strRef><q:f>A1</q:f><q:strCache><q:pt idx="0"><q:v>High</q:v></q:pt></q:strCache></q:strRef></q:tx>
            <q:cat><q:strCache><q:ptCount val="900000"/><q:pt idx="0"><q:v>Q1</q:v></q:pt><q:pt idx="1"><q:v>Q2</q:v></q:pt></q:strCache></q:cat>
            <q:val><q:numCache><q:pt idx="1"><q:v>8.1999999999999993</q:v></q:pt></q:numCache></q:val></q:ser></q:chart></q:chartSpace>"#;
        let limits = Limits::default();
        let found = read("chart", xml, &mut Budget::of(&limits), &limits)?;
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let table = Block::Table {
            header: Some(row(["", "High"])),
            rows: vec![row(["Q1", ""]), row(["Q2", "8.2"])],
        };
        assert_eq!(found, [Block::Paragraph(" Open findings".into()), table]);
        Ok(())
    }
}
