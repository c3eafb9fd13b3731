//! The programs outside: Tesseract reads pictures, LibreOffice puts old office files into today's form.
//!
//! Neither is trusted with more than it needs, because what it is given is not trusted: each run has a private folder that is
//! gone afterwards, starts through a launcher that confines it ([`launch`]), and is killed with all that it started once
//! its time is over.

mod find;
mod job;
mod launcher;
mod ocr;
mod office;
#[cfg(test)]
mod tests;
mod tsv;

#[cfg(unix)]
pub use launcher::launch;

use crate::{Answer, Limits, Request};
use ocr::Tesseract;
use office::LibreOffice;
use std::ffi::OsString;
use std::path::PathBuf;

/// How the outside programs are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Tesseract's names of the languages that pictures are read in (`eng`, `deu`); those not installed are left out. With
    /// none named, pictures are not read.
    pub languages: Vec<String>,
    /// Seconds for one page of a picture.
    pub page_seconds: u64,
    /// Seconds for one old office file.
    pub conversion_seconds: u64,
    /// The beginning of the command that starts a program confined: one that hands what follows to [`launch`]. Empty where there
    /// is none; programs then start as they are.
    pub launcher: Vec<OsString>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            languages: vec!["eng".into()],
            page_seconds: 60,
            conversion_seconds: 120,
            launcher: Vec::new(),
        }
    }
}

/// The outside programs as they were found on this machine.
#[derive(Debug)]
pub struct Tools {
    tesseract: Option<Tesseract>,
    office: Option<LibreOffice>,
    settings: Settings,
    limits: Limits,
}

/// One outside program, for `doctor`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// Where it is and in which version, or nothing where it is not installed.
    pub found: Option<Found>,
    /// How to get it, or what it lacks, as a command.
    pub install: String,
}

/// An outside program that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its file.
    pub program: PathBuf,
    /// What it says of its version.
    pub version: String,
    /// The languages that it reads, of those asked for; empty for programs without any.
    pub languages: Vec<String>,
    /// The languages that were asked for and are not installed.
    pub missing_languages: Vec<String>,
}

/// The outside programs that are there, by name and place, without starting any of them.
pub fn installed() -> Vec<String> {
    let found = |names: &[&str], places: &[&str]| find::program(names, places);
    [found(&ocr::NAMES, &ocr::PLACES), found(&office::NAMES, &office::PLACES)]
        .into_iter()
        .flatten()
        .map(|program| program.display().to_string())
        .collect()
}

impl Tools {
    /// Looks for the programs in `PATH` and where they usually lie.
    pub fn find(settings: Settings, limits: &Limits) -> Self {
        job::sweep();
        let tesseract = find::program(&ocr::NAMES, &ocr::PLACES)
            .filter(|_| !settings.languages.is_empty())
            .and_then(|program| Tesseract::ask(program, &settings));
        let office = find::program(&office::NAMES, &office::PLACES).map(LibreOffice::at);
        Self { tesseract, office, settings, limits: limits.clone() }
    }

    /// Whether pictures can be read: Tesseract is there, with at least one of the languages.
    pub fn reads_pictures(&self) -> bool {
        self.tesseract.as_ref().is_some_and(|tesseract| !tesseract.languages.is_empty())
    }

    /// Whether old office files can be read.
    pub fn reads_old_office(&self) -> bool {
        self.office.is_some()
    }

    /// Answers a reader. May take as long as the settings allow; may be called from several threads.
    pub fn answer(&self, request: Request) -> Answer {
        let done = match (request, &self.tesseract, &self.office) {
            (Request::Recognise(_), ..) if self.settings.languages.is_empty() => {
                return Answer::Missing(ocr::SWITCHED_OFF.into());
            }
            (Request::Recognise(_), None, _) => return Answer::Missing(ocr::missing()),
            (Request::Recognise(_), Some(tesseract), _) if tesseract.languages.is_empty() => {
                return Answer::Missing(ocr::missing_languages(&self.settings.languages));
            }
            (Request::Recognise(picture), Some(tesseract), _) => {
                tesseract.recognise(&picture, &self.settings, &self.limits).map(Answer::Recognised)
            }
            (Request::Convert(..), _, None) => return Answer::Missing(office::missing()),
            (Request::Convert(kind, file), _, Some(office)) => {
                office.convert(kind, &file, &self.settings, &self.limits).map(Answer::Converted)
            }
        };
        done.unwrap_or_else(Answer::Failed)
    }

    /// What is there and what is not, for `doctor`. Starts the programs to ask for their versions.
    pub fn describe(&self) -> Vec<Description> {
        vec![
            Description {
                name: "Tesseract",
                purpose: "reads scans and pictures (OCR)",
                found: self.tesseract.as_ref().map(|tesseract| tesseract.found(&self.settings)),
                install: if self.settings.languages.is_empty() {
                    ocr::SWITCHED_OFF.into()
                } else {
                    match self.reads_pictures() {
                        false if self.tesseract.is_some() => {
                            ocr::install_languages(&self.settings.languages)
                        }
                        _ => ocr::INSTALL.into(),
                    }
                },
            },
            Description {
                name: "LibreOffice",
                purpose: "reads DOC, XLS and PPT",
                found: self.office.as_ref().map(|office| office.found(&self.settings)),
                install: office::INSTALL.into(),
            },
        ]
    }
}
