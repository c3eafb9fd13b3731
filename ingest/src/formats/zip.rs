use crate::{Limits, fault::Fault};
use std::io::{Cursor, Read};

/// A zip container of parts, unpacked within limits. Sizes that the container declares are not believed.
pub(crate) struct Container<'a> {
    archive: zip::ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
    part_bytes: u64,
    zip_bytes: u64,
}

/// A relationship between parts (`_rels/*.rels`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Relationship {
    pub(crate) id: String,
    /// Last part of its type's address: `officeDocument`, `footnotes`, `header`, ...
    pub(crate) kind: String,
    /// The part that it points to, from the container's root; `None` where it points outside.
    pub(crate) part: Option<String>,
}

impl<'a> Container<'a> {
    pub(crate) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Fault> {
        let archive = zip::ZipArchive::new(Cursor::new(bytes))
            .map_err(|fault| Fault::Zip(fault.to_string()))?;
        if archive.len() > limits.zip_entries {
            return Err(Fault::OverLimit {
                what: "the number of parts".into(),
                limit: limits.zip_entries as u64,
            });
        }
        Ok(Self {
            archive,
            left: limits.zip_bytes,
            part_bytes: limits.part_bytes,
            zip_bytes: limits.zip_bytes,
        })
    }

    /// The bytes of a part, or `None` where there is none of that name.
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        let file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(zip::result::ZipError::FileNotFound) => return Ok(None),
            Err(zip::result::ZipError::UnsupportedArchive(
                zip::result::ZipError::PASSWORD_REQUIRED,
            )) => {
                return Err(Fault::Encrypted);
            }
            Err(fault) => return Err(Fault::Zip(format!("{name}: {fault}"))),
        };
        let mut bytes = Vec::new();
        let most = self.part_bytes.min(self.left);
        file.take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|fault| Fault::Zip(format!("{name}: {fault}")))?;
        let size = bytes.len() as u64;
        if size > self.part_bytes {
            return Err(Fault::OverLimit {
                what: format!("the part {name}, unpacked,"),
                limit: self.part_bytes,
            });
        }
        if size > self.left {
            return Err(Fault::OverLimit {
                what: "the file, unpacked,".into(),
                limit: self.zip_bytes,
            });
        }
        self.left -= size;
        Ok(Some(bytes))
    }

    /// Unpacks every XML part once, keeping none: for readers that unpack by themselves and without limits.
    pub(crate) fn check_parts(&mut self) -> Result<(), Fault> {
        let names: Vec<String> = self
            .archive
            .file_names()
            .flatten()
            .filter(|name| [".xml", ".rels", ".bin"].iter().any(|ending| name.ends_with(ending)))
            .map(|name| name.into_owned())
            .collect();
        for name in names {
            self.part(&name)?;
        }
        Ok(())
    }

    /// A part as text: UTF-8, or UTF-16 where a byte order mark says so.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, Fault> {
        let Some(bytes) = self.part(name)? else { return Ok(None) };
        let encoding = encoding_rs::Encoding::for_bom(&bytes)
            .map_or(encoding_rs::UTF_8, |(encoding, _)| encoding);
        Ok(Some(encoding.decode(&bytes).0.into_owned()))
    }

    /// The relationships of a part; those of the container where `part` is empty.
    pub(crate) fn relationships(&mut self, part: &str) -> Result<Vec<Relationship>, Fault> {
        let (folder, own) = part.rsplit_once('/').map_or(("", part), |(folder, own)| (folder, own));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let name = format!("{folder}_rels/{own}.rels");
        let Some(xml) = self.text(&name)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        let mut reader = quick_xml::Reader::from_str(&xml);
        loop {
            use quick_xml::events::Event;
            match reader.read_event() {
                Ok(Event::Start(tag) | Event::Empty(tag))
                    if tag.local_name().as_ref() == "Relationship" =>
                {
                    let value = |key: &str| {
                        tag.attributes()
                            .flatten()
                            .find(|attribute| attribute.key.as_ref() == key)
                            .and_then(|attribute| {
                                attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()
                            })
                            .map(|value| value.into_owned())
                            .unwrap_or_default()
                    };
                    let target = value("Target");
                    let part =
                        (value("TargetMode") != "External").then(|| resolve(&folder, &target));
                    let kind = value("Type").rsplit('/').next().unwrap_or_default().to_owned();
                    found.push(Relationship { id: value("Id"), kind, part });
                }
                Ok(Event::Eof) => break,
                Ok(_) => {}
                Err(fault) => return Err(Fault::Xml { part: name, fault: fault.to_string() }),
            }
        }
        Ok(found)
    }

    /// What the container is, by its main part's content type: `docx`, `xlsx`, `pptx`, `xlsb`, `vsdx`, `odt`, `ods`, `odp`, `epub`, or `zip`.
    pub(crate) fn main_type(&mut self) -> String {
        if let Ok(Some(kind)) = self.text("mimetype") {
            let kind = kind.trim();
            for (media_type, name) in [
                ("application/vnd.oasis.opendocument.text", "odt"),
                ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
                ("application/vnd.oasis.opendocument.presentation", "odp"),
                ("application/epub+zip", "epub"),
            ] {
                if kind.starts_with(media_type) {
                    return name.into();
                }
            }
        }
        let types = self.text("[Content_Types].xml").ok().flatten().unwrap_or_default();
        let relationships = self.relationships("").unwrap_or_default();
        let main = relationships
            .into_iter()
            .find(|link| link.kind == "officeDocument")
            .and_then(|link| link.part);
        let main = main.unwrap_or_default();
        // The override of the main part, where there is one; else the whole list.
        let entry = types
            .split('<')
            .find(|tag| tag.starts_with("Override") && tag.contains(&format!("\"/{main}\"")))
            .unwrap_or(&types);
        for (mark, name) in [
            ("wordprocessingml", "docx"),
            ("ms-word.", "docx"),
            ("sheet.binary", "xlsb"),
            ("spreadsheetml", "xlsx"),
            ("ms-excel.", "xlsx"),
            ("presentationml", "pptx"),
            ("ms-powerpoint.", "pptx"),
            ("ms-visio.", "vsdx"),
        ] {
            if entry.contains(mark) {
                return name.into();
            }
        }
        for (part, name) in [
            ("word/document.xml", "docx"),
            ("xl/workbook.xml", "xlsx"),
            ("ppt/presentation.xml", "pptx"),
        ] {
            if main == part || self.archive.index_for_name(part).is_some() {
                return name.into();
            }
        }
        "zip".into()
    }
}

/// A relationship's target as a part's name.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}
