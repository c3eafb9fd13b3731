use thiserror::Error;

/// Why a file could not be read, and what to do. The edge of the crate makes a sentence of it.
#[derive(Debug, Error)]
pub(crate) enum Fault {
    #[error(
        "the file is encrypted and needs a password; save a copy without the password and give that"
    )]
    Encrypted,
    /// The same for a format that is opened with the passwords that were given.
    #[error(
        "the file is encrypted and needs a password that was not given; put its password into a text file and name that with --password-file, or save a copy without the password"
    )]
    Locked,
    #[error(
        "the zip container is damaged ({0}); open the file in its own program and save it again"
    )]
    Zip(String),
    #[error(
        "the part {part} is damaged ({fault}); open the file in its own program and save it again"
    )]
    Xml { part: String, fault: String },
    #[error(
        "the part {0} carries a DOCTYPE, which office files never need, and was refused for safety; open the file in its own program and save it again"
    )]
    Doctype(String),
    #[error(
        "the XML declares entities of its own, which were not expanded for safety; save it with its entities resolved"
    )]
    Entities,
    #[error("{what} is over the limit of {limit}; split the file into smaller ones and give those")]
    OverLimit { what: String, limit: u64 },
    #[error("the workbook could not be opened ({0}); open it in its own program and save it again")]
    Workbook(String),
    #[error("the JSON is not well formed ({0}); mend it and read the file again")]
    Json(String),
    #[error("the PDF could not be read ({0}); print it to a new PDF and give that")]
    Pdf(String),
    /// Pictures of text, and nobody who could read them: why, as a sentence.
    #[error("{why}")]
    NeedsOcr { pages: Option<u32>, why: String },
    #[error("archives lie more than {0} deep in it; unpack it and give the folder")]
    TooDeep(usize),
    #[error("no text could be read from the picture ({0})")]
    Picture(String),
    /// A program is not installed: which, what for and how to get it, as a sentence.
    #[error("{0}")]
    NotInstalled(String),
    #[error(
        "it could not be put into today's form ({0}); open it in its own program and save it as DOCX, XLSX, PPTX or PDF"
    )]
    Converted(String),
    #[error("the archive {0}; unpack it with a tool that repairs, and give the folder")]
    Archive(String),
    #[error(
        "the mail could not be read ({0}); open it in its mail program, save it again and give that"
    )]
    Mail(String),
    #[error(
        "the mail is encrypted ({0}); open it in the mail program that has its key, save it without encryption and give that"
    )]
    EncryptedMail(&'static str),
    #[error(
        "no {0} was found in the file; open it in its own program and look whether it shows any"
    )]
    Nothing(&'static str),
}
