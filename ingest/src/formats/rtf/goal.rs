use super::{
    encoding::Letters,
    place::{Kind, Look, Place},
    reader::Reader,
};

/// Where the text of a group goes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Goal {
    /// To the innermost place.
    Text,
    /// Nowhere, but groups within may say otherwise.
    Quiet,
    /// Nowhere, with all groups within.
    Skip,
    Fonts,
    Styles,
    /// A property of the file.
    Property(String),
    PropertyName,
    Marker,
    Author,
    Date,
}

/// What holds within a group.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) goal: Goal,
    pub(super) letters: Letters,
    pub(super) font: Option<i32>,
    /// Characters after a Unicode one that stand for it in old programs.
    pub(super) fallback: usize,
    pub(super) hidden: bool,
    pub(super) deleted: bool,
    pub(super) look: Look,
    /// A place was opened for it.
    pub(super) opened: bool,
    /// `\*` stands before its first word.
    pub(super) starred: bool,
}

impl Reader<'_> {
    /// Whether a word says where the text of its group goes.
    pub(super) fn goal(&mut self, word: &str) -> bool {
        let starred = self.now.starred;
        self.now.goal = match word {
            "fonttbl" => Goal::Fonts,
            "stylesheet" => Goal::Styles,
            "info" | "userprops" | "shpinst" | "do" | "upr" | "shp" => Goal::Quiet,
            "title" | "subject" | "author" | "manager" | "company" | "category" | "keywords"
            | "doccomm" | "creatim" | "revtim"
                if self.now.goal == Goal::Quiet =>
            {
                self.aside.clear();
                Goal::Property(word.to_owned())
            }
            "propname" => {
                self.aside.clear();
                Goal::PropertyName
            }
            "staticval" => {
                self.aside.clear();
                Goal::Property(std::mem::take(&mut self.property))
            }
            "listtext" | "pntext" => {
                self.aside.clear();
                Goal::Marker
            }
            "atnauthor" => {
                self.aside.clear();
                Goal::Author
            }
            "atndate" => {
                self.aside.clear();
                Goal::Date
            }
            "header" | "headerl" | "headerr" | "headerf" => self.enter(Kind::Header),
            "footer" | "footerl" | "footerr" | "footerf" => self.enter(Kind::Footer),
            "footnote" => self.enter(Kind::Note),
            "annotation" => {
                let author = std::mem::take(&mut self.author);
                self.enter(Kind::Comment { author, date: String::new() })
            }
            "shptxt" | "dptxbxtext" => self.enter(Kind::Inset),
            "ud" => Goal::Text,
            "pict" => {
                self.has_pictures = true;
                Goal::Skip
            }
            "colortbl" | "fldinst" | "xe" | "txe" | "tc" | "nonesttables" | "nonshppict"
            | "shprslt" | "objdata" | "filetbl" | "revtbl" | "listtable" | "ftnsep" | "ftnsepc"
            | "aftnsep" | "aftnsepc" | "private" => Goal::Skip,
            "shppict" => Goal::Quiet,
            _ if starred => Goal::Skip,
            _ => return false,
        };
        true
    }

    fn enter(&mut self, kind: Kind) -> Goal {
        if !self.now.opened {
            self.now.opened = true;
            self.places.push(Place::new(kind));
        }
        self.now.look = Look::default();
        Goal::Text
    }
}
