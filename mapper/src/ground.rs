use crate::finding::Met;
use crate::voice::Voice;
use serde::Serialize;

/// Why a check was judged as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// No passage was retrieved for it.
    NoPassage,
    /// The nearest passage scores too little to touch it.
    Far,
    /// The nearest passage is not about the framework's field, nor is the document as a whole.
    OtherField,
    /// The quote says that it is not so.
    Denies,
    /// The passage that would meet it admits beside its quote that it is not so; or a document in force that governs says so of this.
    Admits,
    /// The quote stands under a heading that leaves it out, or to another document.
    LeavesOut,
    /// The quote says what is wished for or planned, or stands under a heading that says so.
    Intends,
    /// The quote says what may happen, in a table's column of that.
    Feared,
    /// The quote asks.
    Asks,
    /// The quote promotes a product.
    Promotes,
    /// The quote says what a standard asks for.
    Quotes,
    /// The passage scores enough to touch it, too little to meet it.
    ScoreLow,
    /// The passage is near enough, and the quote by itself is not.
    QuoteWeak,
    /// The quote only says who answers for the document, or when, and the check does not ask for that.
    ControlRow,
    /// The document is a form that nobody filled in.
    BlankForm,
    /// A blank is left in the quote.
    BlankLeft,
    /// The passage only lists requirements.
    ListsOnly,
    /// The quote is a program's output.
    MachineText,
    /// The quote is a table's header row.
    HeaderRow,
    /// The quote is the document's title or a heading.
    Title,
    /// The quote already shows as many other checks as its words can carry.
    QuoteTaken,
    /// The check wants a record of it having happened, and the document is none.
    NoRecord,
    /// The document is a record that names no recent day.
    UndatedRecord,
    /// The quote lays it down.
    LaidDown,
    /// The quote stands in a record of a recent day.
    DatedRecord,
    /// The quote names a recent day, or its passage several.
    DayInPassage,
}

impl Ground {
    /// The ground that a quote's voice is by itself; none where it states something.
    pub(crate) fn of(voice: Voice) -> Option<Self> {
        match voice {
            Voice::States => None,
            Voice::Denies => Some(Self::Denies),
            Voice::Intends => Some(Self::Intends),
            Voice::Asks => Some(Self::Asks),
            Voice::Promotes => Some(Self::Promotes),
            Voice::Quotes => Some(Self::Quotes),
        }
    }

    /// Whether the quote is evidence for its check, whatever its day: else an old record would leave its quote to
    /// another check.
    pub(crate) fn is_evidence(self) -> bool {
        matches!(
            self,
            Self::LaidDown
                | Self::DatedRecord
                | Self::DayInPassage
                | Self::UndatedRecord
                | Self::NoRecord
        )
    }

    /// How far a check judged on this ground is met.
    pub fn met(self) -> Met {
        match self {
            Self::NoPassage | Self::Far | Self::OtherField => Met::Missing,
            Self::Denies => Met::Denied,
            Self::Intends => Met::Intended,
            Self::Admits
            | Self::LeavesOut
            | Self::Feared
            | Self::Asks
            | Self::Promotes
            | Self::Quotes
            | Self::ScoreLow
            | Self::QuoteWeak
            | Self::ControlRow
            | Self::BlankForm
            | Self::BlankLeft
            | Self::ListsOnly
            | Self::MachineText
            | Self::HeaderRow
            | Self::Title
            | Self::QuoteTaken
            | Self::NoRecord => Met::Touched,
            Self::UndatedRecord => Met::Undated,
            Self::LaidDown => Met::Defined,
            Self::DatedRecord | Self::DayInPassage => Met::Recorded,
        }
    }
}
