//! Text out of pictures: Tesseract.

use super::job::Job;
use super::{Found, Settings, tsv};
use crate::{Limits, RecognisedPage};
use std::ffi::OsString;
use std::path::PathBuf;

pub(super) const NAMES: [&str; 1] = ["tesseract"];

pub(super) const PLACES: [&str; 4] = [
    "/usr/local/bin/tesseract",
    "/opt/homebrew/bin/tesseract",
    "/opt/local/bin/tesseract",
    r"C:\Program Files\Tesseract-OCR\tesseract.exe",
];

pub(super) const INSTALL: &str = if cfg!(target_os = "macos") {
    "brew install tesseract"
} else if cfg!(windows) {
    "winget install UB-Mannheim.TesseractOCR"
} else {
    "apt install tesseract-ocr"
};

pub(super) const SWITCHED_OFF: &str =
    "Reading pictures is switched off: ocr_languages in the settings names no language.";

const NAME: &str = "Tesseract";

/// Seconds in which it says which languages it has.
const ASKED: u64 = 20;

/// Below this mean confidence a page may stand on its side or on its head.
const DOUBTFUL: f32 = 0.6;

/// Finds blocks, lines and words on an upright page.
const UPRIGHT: &str = "3";

/// The same, after a look which way up the page is.
const ANY_WAY_UP: &str = "1";

/// The data for that look, installed like a language.
const ORIENTATION: &str = "osd";

/// A Tesseract that answers.
#[derive(Debug)]
pub(super) struct Tesseract {
    program: PathBuf,
    /// Those of the settings that are installed.
    pub(super) languages: Vec<String>,
    /// Whether it can tell which way up a page is.
    pub(super) turns: bool,
}

pub(super) fn missing() -> String {
    format!(
        "Text in pictures is read with Tesseract, which is not installed; run `{INSTALL}` and read the file again."
    )
}

pub(super) fn missing_languages(wanted: &[String]) -> String {
    format!(
        "Tesseract is installed without its data for {}; run `{}` and read the file again.",
        wanted.join(", "),
        install_languages(wanted)
    )
}

pub(super) fn install_languages(wanted: &[String]) -> String {
    if cfg!(target_os = "linux") {
        let packages: Vec<_> = wanted
            .iter()
            .map(|language| format!("tesseract-ocr-{}", language.replace('_', "-")))
            .collect();
        format!("apt install {}", packages.join(" "))
    } else if cfg!(target_os = "macos") {
        "brew install tesseract-lang".into()
    } else {
        INSTALL.into()
    }
}

impl Tesseract {
    /// Asks the program for its languages; nothing where it does not answer.
    pub(super) fn ask(program: PathBuf, settings: &Settings) -> Option<Self> {
        let job = Job::new(NAME, &program, ASKED).ok()?;
        let said = job.run(settings, [OsString::from("--list-langs")]).ok()?;
        let installed: Vec<&str> = said.lines().map(str::trim).collect();
        let is_installed = |language: &&String| installed.contains(&language.as_str());
        Some(Self {
            languages: settings.languages.iter().filter(is_installed).cloned().collect(),
            turns: installed.contains(&ORIENTATION),
            program,
        })
    }

    pub(super) fn found(&self, settings: &Settings) -> Found {
        let version = Job::new(NAME, &self.program, ASKED)
            .and_then(|job| job.run(settings, [OsString::from("--version")]))
            .ok()
            .and_then(|said| said.lines().next().map(|line| line.trim().to_owned()));
        let is_missing = |language: &&String| !self.languages.contains(language);
        Found {
            program: self.program.clone(),
            version: version.unwrap_or_default().trim_start_matches("tesseract ").to_owned(),
            languages: self.languages.clone(),
            missing_languages: settings.languages.iter().filter(is_missing).cloned().collect(),
        }
    }

    /// Reads a picture's pages. One that comes out doubtful is looked at again, for it may be turned; the better reading stays.
    pub(super) fn recognise(
        &self,
        picture: &[u8],
        settings: &Settings,
        limits: &Limits,
    ) -> Result<Vec<RecognisedPage>, String> {
        let pages = self.read(picture, UPRIGHT, settings, limits)?;
        if !self.turns || pages.iter().all(|page| page.confidence >= DOUBTFUL) {
            return Ok(pages);
        }
        let turned = match self.read(picture, ANY_WAY_UP, settings, limits) {
            Ok(turned) if turned.len() == pages.len() => turned,
            _ => return Ok(pages),
        };
        let better = |(upright, turned): (RecognisedPage, RecognisedPage)| {
            if turned.confidence > upright.confidence { turned } else { upright }
        };
        Ok(pages.into_iter().zip(turned).map(better).collect())
    }

    fn read(
        &self,
        picture: &[u8],
        layout: &str,
        settings: &Settings,
        limits: &Limits,
    ) -> Result<Vec<RecognisedPage>, String> {
        let kind = PictureKind::of(picture).ok_or_else(|| {
            "Tesseract reads PNG, JPEG and TIFF; save the picture as one of these and give that."
                .to_owned()
        })?;
        let pages = kind.pages(picture, limits.ocr_pages.saturating_add(1));
        if pages > limits.ocr_pages {
            return Err(format!(
                "The picture has more pages than the {} that are read; split it into smaller ones and give those.",
                limits.ocr_pages
            ));
        }
        let seconds = settings.page_seconds.saturating_mul(pages as u64);
        let mut job = Job::new(NAME, &self.program, seconds)?;
        job.memory_bytes = limits.memory_bytes;
        let picture = job.put(kind.file_name(), picture)?;
        job.run(
            settings,
            [
                picture.into_os_string(),
                job.folder().join("out").into_os_string(),
                "-l".into(),
                self.languages.join("+").into(),
                "--psm".into(),
                layout.into(),
                "-c".into(),
                "tessedit_create_tsv=1".into(),
            ],
        )?;
        let table = job.take("out.tsv").unwrap_or_default();
        let pages = tsv::pages(&String::from_utf8_lossy(&table), limits);
        match pages.is_empty() {
            true => Err(job.because("found no page in the picture")),
            false => Ok(pages),
        }
    }
}

/// What Tesseract is given. It takes more, among them a list of files to open, so what the bytes are is looked at first.
#[derive(Clone, Copy)]
enum PictureKind {
    Png,
    Jpeg,
    Tiff,
}

impl PictureKind {
    fn of(picture: &[u8]) -> Option<Self> {
        match infer::get(picture)?.mime_type() {
            "image/png" => Some(Self::Png),
            "image/jpeg" => Some(Self::Jpeg),
            "image/tiff" => Some(Self::Tiff),
            _ => None,
        }
    }

    fn file_name(self) -> &'static str {
        match self {
            Self::Png => "in.png",
            Self::Jpeg => "in.jpg",
            Self::Tiff => "in.tif",
        }
    }

    /// How many pages there are, counted up to `most`.
    fn pages(self, picture: &[u8], most: usize) -> usize {
        match self {
            Self::Png | Self::Jpeg => 1,
            Self::Tiff => tiff_pages(picture, most).max(1),
        }
    }
}

/// Follows the chain of a TIFF's directories, one a page. A chain that is broken ends, one that is a ring runs into `most`.
fn tiff_pages(tiff: &[u8], most: usize) -> usize {
    let little = tiff.starts_with(b"II");
    let number = |at: usize, bytes: usize| -> Option<usize> {
        let field = tiff.get(at..at.checked_add(bytes)?)?;
        let join = |value: usize, byte: &u8| (value << 8) | usize::from(*byte);
        Some(if little { field.iter().rev().fold(0, join) } else { field.iter().fold(0, join) })
    };
    let next = |directory: usize| -> Option<usize> {
        let entries = number(directory, 2)?;
        number(directory.checked_add(2 + entries * 12)?, 4)
    };
    let mut directory = number(4, 4).unwrap_or_default();
    let mut pages = 0;
    while directory != 0 && pages < most {
        pages += 1;
        directory = next(directory).unwrap_or_default();
    }
    pages
}
