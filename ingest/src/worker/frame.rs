use crate::confine::Confinement;
use crate::{Answer, Extracted, OldOffice, RecognisedPage, Request};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// A longer frame is not believed. The largest are documents: a text of `Limits::text_chars`, its passages and its facts.
pub(super) const LONGEST: u32 = 1 << 30;

/// What is set once, when a worker starts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Setup {
    pub(super) limits: crate::Limits,
    pub(super) passwords: Vec<String>,
}

/// A file to read; its `size` bytes follow the frame.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job {
    pub(super) name: String,
    pub(super) size: u64,
    /// Paths that are dealt with already: delivered, or blamed for a worker's end.
    pub(super) skip: Vec<String>,
    /// Paths whose pages are not to be drawn for recognition.
    pub(super) undrawn: Vec<String>,
    /// The path of something in the file whose bytes are wanted, and nothing else.
    pub(super) member: Option<String>,
}

/// From the worker.
#[derive(Debug)]
pub(super) enum Report {
    /// It is there, and confined so far.
    Ready(Confinement),
    /// Reading of this path begins.
    Begun(String),
    /// A path is done.
    Done(Box<Extracted>),
    /// The bytes that the job asks for.
    Member(Vec<u8>),
    /// They cannot be had: why, as a sentence.
    Refused(String),
    /// Something is wanted; an [`Answer`] has to follow.
    Wanted(Request),
    /// The file and all its members are done.
    Finished,
}

/// Writes one frame: its kind, its length, its content.
pub(super) fn write(out: &mut impl Write, kind: u8, content: &[u8]) -> io::Result<()> {
    let length = u32::try_from(content.len()).map_err(|_| broken("a frame is too long"))?;
    out.write_all(&[kind])?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(content)
}

/// The next frame, of `longest` bytes at most, or `None` where the stream has ended between two.
pub(super) fn read(input: &mut impl Read, longest: u32) -> io::Result<Option<(u8, Vec<u8>)>> {
    let mut kind = [0];
    if input.read(&mut kind)? == 0 {
        return Ok(None);
    }
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    if length > longest {
        return Err(broken("a frame is too long"));
    }
    let mut content = Vec::new();
    input.take(u64::from(length)).read_to_end(&mut content)?;
    match content.len() == length as usize {
        true => Ok(Some((kind[0], content))),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

impl Report {
    /// The path that it speaks of.
    pub(super) fn path(&self) -> Option<&str> {
        match self {
            Self::Begun(path) => Some(path),
            Self::Done(extracted) => Some(&extracted.path),
            Self::Ready(_)
            | Self::Member(_)
            | Self::Refused(_)
            | Self::Wanted(_)
            | Self::Finished => None,
        }
    }

    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Ready(confinement) => write(out, b'C', &serde_json::to_vec(confinement)?)?,
            Self::Begun(path) => write(out, b'B', path.as_bytes())?,
            Self::Done(extracted) => write(out, b'D', &serde_json::to_vec(extracted)?)?,
            Self::Member(bytes) => write(out, b'M', bytes)?,
            Self::Refused(why) => write(out, b'N', why.as_bytes())?,
            Self::Wanted(Request::Recognise(picture)) => write(out, b'R', picture)?,
            Self::Wanted(Request::Convert(from, file)) => write(out, letter(*from), file)?,
            Self::Finished => write(out, b'F', &[])?,
        }
        out.flush()
    }

    pub(super) fn read(input: &mut impl Read, longest: u32) -> io::Result<Option<Self>> {
        let Some((kind, content)) = read(input, longest)? else { return Ok(None) };
        Ok(Some(match kind {
            b'C' => Self::Ready(serde_json::from_slice(&content)?),
            b'B' => Self::Begun(text(content)?),
            b'D' => Self::Done(serde_json::from_slice(&content)?),
            b'M' => Self::Member(content),
            b'N' => Self::Refused(text(content)?),
            b'R' => Self::Wanted(Request::Recognise(content)),
            b'W' => Self::Wanted(Request::Convert(OldOffice::Word, content)),
            b'X' => Self::Wanted(Request::Convert(OldOffice::Excel, content)),
            b'P' => Self::Wanted(Request::Convert(OldOffice::PowerPoint, content)),
            b'F' => Self::Finished,
            _ => return Err(broken("a frame of an unknown kind")),
        }))
    }
}

fn letter(from: OldOffice) -> u8 {
    match from {
        OldOffice::Word => b'W',
        OldOffice::Excel => b'X',
        OldOffice::PowerPoint => b'P',
    }
}

pub(super) fn write_answer(out: &mut impl Write, answer: &Answer) -> io::Result<()> {
    match answer {
        Answer::Recognised(pages) => write(out, b'r', &serde_json::to_vec(pages)?),
        Answer::Converted(file) => write(out, b'c', file),
        Answer::Missing(reason) => write(out, b'm', reason.as_bytes()),
        Answer::Failed(reason) => write(out, b'f', reason.as_bytes()),
    }
}

pub(super) fn read_answer(input: &mut impl Read) -> io::Result<Answer> {
    let (kind, content) = read(input, LONGEST)?.ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok(match kind {
        b'r' => Answer::Recognised(serde_json::from_slice::<Vec<RecognisedPage>>(&content)?),
        b'c' => Answer::Converted(content),
        b'm' => Answer::Missing(text(content)?),
        b'f' => Answer::Failed(text(content)?),
        _ => return Err(broken("an answer of an unknown kind")),
    })
}

fn text(content: Vec<u8>) -> io::Result<String> {
    String::from_utf8(content).map_err(|_| broken("a text that is no UTF-8"))
}

fn broken(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() -> io::Result<()> {
        let mut stream = Vec::new();
        Report::Begun("a.zip!/b".into()).write(&mut stream)?;
        Report::Wanted(Request::Convert(OldOffice::Excel, vec![1, 2])).write(&mut stream)?;
        Report::Finished.write(&mut stream)?;
        let mut input = stream.as_slice();
        assert!(
            matches!(Report::read(&mut input, LONGEST)?, Some(Report::Begun(path)) if path == "a.zip!/b")
        );
        assert!(matches!(
            Report::read(&mut input, LONGEST)?,
            Some(Report::Wanted(Request::Convert(OldOffice::Excel, file))) if file == [1, 2]
        ));
        assert!(matches!(Report::read(&mut input, LONGEST)?, Some(Report::Finished)));
        assert!(Report::read(&mut input, LONGEST)?.is_none());
        let mut answers = Vec::new();
        let page = RecognisedPage { paragraphs: vec![vec!["a".into()]], confidence: 0.5 };
        write_answer(&mut answers, &Answer::Recognised(vec![page.clone()]))?;
        assert_eq!(read_answer(&mut answers.as_slice())?, Answer::Recognised(vec![page]));
        Ok(())
    }

    #[test]
    fn a_torn_or_absurd_frame_is_an_error() {
        assert!(Report::read(&mut &b"B\x05\0\0\0abc"[..], LONGEST).is_err());
        assert!(Report::read(&mut &b"B\xff\xff\xff\xff"[..], LONGEST).is_err());
        assert!(Report::read(&mut &b"?\0\0\0\0"[..], LONGEST).is_err());
    }
}
