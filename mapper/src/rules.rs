use crate::document_type::DocumentTypes;
use crate::subject::Subjects;
use crate::usual_name::UsualNames;
use sufficit_evidence::{Calibration, Catalogue, Crosswalk, Date, Rubric, Scope};

/// What every document is judged by.
#[derive(Debug)]
pub struct Rules {
    catalogue: Catalogue,
    crosswalk: Crosswalk,
    rubric: Rubric,
    as_of: Date,
    subjects: Subjects,
    usual_names: UsualNames,
    document_types: DocumentTypes,
    scope: Scope,
    calibration: Option<Calibration>,
}

impl Rules {
    /// Rules from a catalogue, its crosswalk and the rubric, judging on the day `as_of`.
    pub fn new(catalogue: Catalogue, crosswalk: Crosswalk, rubric: Rubric, as_of: Date) -> Self {
        let subjects = Subjects::new(&catalogue);
        let usual_names = UsualNames::new(&catalogue);
        let document_types = DocumentTypes::new(&catalogue);
        let scope = Scope::default();
        Self {
            catalogue,
            crosswalk,
            rubric,
            as_of,
            subjects,
            usual_names,
            document_types,
            scope,
            calibration: None,
        }
    }

    /// The same rules for an organisation of which this is known.
    pub fn within(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// The same rules, with the confidence of matches shifted as reviewers' decisions ask.
    pub fn calibrated(self, calibration: Option<Calibration>) -> Self {
        Self { calibration, ..self }
    }

    /// How the confidence of matches is shifted; `None` where it is not.
    pub fn calibration(&self) -> Option<Calibration> {
        self.calibration
    }

    /// The requirements that documents are held against.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Which requirements share evidence.
    pub fn crosswalk(&self) -> &Crosswalk {
        &self.crosswalk
    }

    /// The numbers behind the grades.
    pub fn rubric(&self) -> &Rubric {
        &self.rubric
    }

    /// What the organisation says of itself.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The day of judgement.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// The words by which a text about each framework's field is known.
    pub(crate) fn subjects(&self) -> &Subjects {
        &self.subjects
    }

    /// What sorts of document titles tell.
    pub(crate) fn document_types(&self) -> &DocumentTypes {
        &self.document_types
    }

    /// What the evidence that usually shows each requirement is called.
    pub(crate) fn usual_names(&self) -> &UsualNames {
        &self.usual_names
    }
}
