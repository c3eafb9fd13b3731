//! Old office files in today's form: LibreOffice.

use super::job::Job;
use super::{Found, Settings};
use crate::{Limits, OldOffice};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

pub(super) const NAMES: [&str; 2] = ["soffice", "libreoffice"];

pub(super) const PLACES: [&str; 4] = [
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
];

pub(super) const INSTALL: &str = if cfg!(target_os = "macos") {
    "brew install --cask libreoffice"
} else if cfg!(windows) {
    "winget install TheDocumentFoundation.LibreOffice"
} else {
    "apt install libreoffice-core-nogui libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"
};

const NAME: &str = "LibreOffice";

/// Seconds in which it says its version.
const ASKED: u64 = 30;

/// Processes and threads of one conversion.
const PROCESSES: u64 = 128;

/// It ends with this status once it has set up a new profile, to be started again by what usually starts it.
const PROFILE_IS_NEW: i32 = 81;

/// Where a profile keeps what differs from the defaults.
const PROFILE: &str = "profile/user/registrymodifications.xcu";

/// No macros, not even signed or trusted ones; no links followed, no other content fetched.
const NOTHING_ACTIVE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"#;

/// A format that is written.
pub(super) struct Target {
    /// What people call it.
    pub(super) name: &'static str,
    pub(super) extension: &'static str,
    /// LibreOffice's name of it.
    pub(super) filter: &'static str,
}

const DOCX: Target = Target { name: "DOCX", extension: "docx", filter: "MS Word 2007 XML" };
const XLSX: Target = Target { name: "XLSX", extension: "xlsx", filter: "Calc MS Excel 2007 XML" };
const PPTX: Target =
    Target { name: "PPTX", extension: "pptx", filter: "Impress MS PowerPoint 2007 XML" };

/// A LibreOffice, which converts one file at a time: each conversion takes a core and a few hundred MiB.
#[derive(Debug)]
pub(super) struct LibreOffice {
    program: PathBuf,
    turn: Mutex<()>,
}

pub(super) fn missing() -> String {
    format!(
        "DOC, XLS and PPT are read with LibreOffice, which is not installed; run `{INSTALL}` and read the file again, or save it as DOCX, XLSX or PPTX and give that."
    )
}

impl LibreOffice {
    /// The program itself, where it lies beside what starts it: the starter shows pictures, looks for a LibreOffice that runs
    /// already and leaves the program behind when it is killed.
    pub(super) fn at(starter: PathBuf) -> Self {
        let itself = starter.with_file_name("soffice.bin");
        let program = if cfg!(unix) && itself.is_file() { itself } else { starter };
        Self { program, turn: Mutex::new(()) }
    }

    pub(super) fn found(&self, settings: &Settings) -> Found {
        let version = Job::new(NAME, &self.program, ASKED)
            .and_then(|job| job.run(settings, [OsString::from("--version")]))
            .ok()
            .and_then(|said| {
                said.lines().find_map(|line| line.strip_prefix("LibreOffice ")).map(str::to_owned)
            });
        Found {
            program: self.program.clone(),
            version: version.unwrap_or_default().trim().to_owned(),
            languages: Vec::new(),
            missing_languages: Vec::new(),
        }
    }

    pub(super) fn convert(
        &self,
        kind: OldOffice,
        file: &[u8],
        settings: &Settings,
        limits: &Limits,
    ) -> Result<Vec<u8>, String> {
        // The format to read is given: left to guess, LibreOffice makes text of the bytes of a damaged file.
        let (from, formats, to) = match kind {
            OldOffice::Word => ("in.doc", ["MS Word 97", "MS WinWord 6.0"].as_slice(), &DOCX),
            OldOffice::Excel => ("in.xls", ["MS Excel 97", "MS Excel 95"].as_slice(), &XLSX),
            OldOffice::PowerPoint => ("in.ppt", ["MS PowerPoint 97"].as_slice(), &PPTX),
        };
        // What a panic could have left behind is an empty lock.
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        for format in formats {
            if let Some(new) = self.save_as(from, format, file, to, settings, limits)? {
                return Ok(new);
            }
        }
        Err(format!(
            "LibreOffice could not open the file; open it in its own program, save it as {} and give that.",
            to.name
        ))
    }

    /// The file in the new format; nothing where it is not of the old one.
    pub(super) fn save_as(
        &self,
        from: &str,
        format: &str,
        file: &[u8],
        to: &Target,
        settings: &Settings,
        limits: &Limits,
    ) -> Result<Option<Vec<u8>>, String> {
        let mut job = Job::new(NAME, &self.program, settings.conversion_seconds)?;
        job.memory_bytes = limits.memory_bytes;
        job.file_bytes = limits.file_bytes;
        job.processes = PROCESSES;
        job.again = Some(PROFILE_IS_NEW);
        job.put(PROFILE, NOTHING_ACTIVE.as_bytes())?;
        let old = job.put(from, file)?;
        let mut profile = OsString::from("-env:UserInstallation=");
        profile.push(file_url(&job.folder().join("profile")));
        job.run(
            settings,
            [
                profile,
                // Where the socket goes on which a second start would find the first: its folder.
                "-env:OSL_SOCKET_PATH=.".into(),
                "--headless".into(),
                "--norestore".into(),
                "--nolockcheck".into(),
                format!("--infilter={format}").into(),
                "--convert-to".into(),
                format!("{}:{}", to.extension, to.filter).into(),
                "--outdir".into(),
                job.folder().join("out").into_os_string(),
                old.into_os_string(),
            ],
        )?;
        let stem = from.split('.').next().unwrap_or(from);
        Ok(job.take(&format!("out/{stem}.{}", to.extension)).filter(|new| !new.is_empty()))
    }
}

/// The address of a folder; on Windows its drive stands where a host would.
fn file_url(folder: &std::path::Path) -> OsString {
    let path = folder.to_string_lossy().replace('\\', "/").replace('%', "%25").replace(' ', "%20");
    format!("file:///{}", path.trim_start_matches('/')).into()
}
