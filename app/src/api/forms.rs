//! The form of the domain's types in JSON, for the description of the API. The types themselves know nothing of it: they live
//! in `evidence`, and their JSON is the command line's too.

use std::borrow::Cow;
use sufficit_evidence::{DocumentKind, MatchStatus};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat,
    SchemaType, Type,
};
use utoipa::{PartialSchema, ToSchema};

/// Gives a form its name in the description and its schema.
macro_rules! form {
    ($(#[$doc:meta])* $name:ident = $schema:expr) => {
        $(#[$doc])*
        pub(crate) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                RefOr::T($schema)
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    };
}

form!(
    /// What sort of evidence a document is.
    DocumentKindName = one_of(DocumentKind::ALL.map(DocumentKind::name))
);
form!(
    /// What a person has said of a match or requirement.
    ReviewStatus = one_of(MatchStatus::ALL.map(MatchStatus::name))
);
form!(
    /// What became of a file.
    Outcome = one_of(["read", "skipped", "failed", "needs-ocr"])
);
form!(
    /// Where in a document something stands: `start` and `end` count characters of its canonical text.
    QuotedPassage = citation()
);
form!(
    /// One reason for a grade.
    Reason = object(
        &[("code", text()), ("text", text())],
        &[("check", nullable_text()), ("citation", citation())],
    )
);
form!(
    /// A requirement of another framework that the same evidence can serve.
    CounterpartShare = object(
        &[
            ("framework", text()),
            ("requirement", text()),
            ("relation", one_of(["equal", "subset", "superset", "intersects"])),
            ("strength", share()),
        ],
        &[],
    )
);
form!(
    /// One pass of mapping.
    MappingRun = object(
        &[
            ("id", text()),
            ("finished", text()),
            ("as_of", text()),
            ("versions", object(&[], &[])),
            ("documents", count()),
            ("change", count()),
        ],
        &[],
    )
);
form!(
    /// A file that was met, and what became of it.
    MetFile = object(
        &[
            ("path", text()),
            ("status", one_of(["read", "skipped", "failed", "needs-ocr"])),
            ("reason", text()),
            ("document", nullable_text()),
            ("media_type", text()),
            ("pages", nullable_count()),
            ("passages", count()),
        ],
        &[],
    )
);
form!(
    /// A requirement held against the whole body of evidence.
    WholeAssessment = object(
        &[
            ("framework", text()),
            ("requirement", text()),
            ("sufficiency", grade()),
            ("confidence", share()),
            ("evidence", list(object(
                &[("sha256", text()), ("sufficiency", grade()), ("relevance", share())],
                &[("copy_of", object(&[], &[]))],
            ))),
            ("checks", list(object(
                &[("check", text()), ("met", truth()), ("sha256", nullable_text())],
                &[("shown_by", one_of(["text", "approved-text", "record"]))],
            ))),
            ("contradictions", list(object(&[("check", text()), ("text", text())], &[]))),
            ("gap", text()),
            ("counterparts", list(object(&[("framework", text()), ("requirement", text())], &[]))),
            ("systems", list(object(&[("system", text()), ("sufficiency", grade())], &[]))),
            ("systems_without_evidence", list(text())),
            ("run", text()),
        ],
        &[("not_applicable", text())],
    )
);
form!(
    /// What a person decided. Only ever appended.
    TakenDown = object(
        &[
            ("number", count()),
            ("at", text()),
            ("by", text()),
            ("subject", object(
                &[("about", one_of(["match", "requirement", "document"]))],
                &[("framework", text()), ("requirement", text())],
            )),
            ("seen", object(&[], &[("sha256", text()), ("run", text()), ("sufficiency", grade())])),
            ("action", one_of([
                "accept", "override", "reject", "add", "not-applicable", "undo", "assign", "comment", "correct",
            ])),
        ],
        &[("why", text()), ("sufficiency", grade())],
    )
);
form!(
    /// How far a framework's requirements are covered: counts of all, of controls, and of each theme.
    CoverageOfFramework = object(
        &[
            ("title", text()),
            ("requirements", count()),
            ("covered", count()),
            ("partial", count()),
            ("open", count()),
            ("not_applicable", count()),
            ("by_sufficiency", list(count())),
            ("controls", object(&[("requirements", count()), ("covered", count())], &[])),
            ("themes", list(object(&[("id", text()), ("title", text())], &[]))),
        ],
        &[],
    )
);

form!(
    /// A form with one file; its path in the folder that is uploaded where that is not the file's own name.
    UploadForm = {
        let path = of_type(Type::String).max_length(Some(1024)).build();
        let file = of_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary))).build();
        ObjectBuilder::new()
            .property("path", path)
            .property("file", file)
            .required("file")
            .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
            .build()
            .into()
    }
);

fn object(required: &[(&str, Schema)], optional: &[(&str, Schema)]) -> Schema {
    let mut object = ObjectBuilder::new();
    for (name, schema) in required.iter().chain(optional) {
        object = object.property(*name, schema.clone());
    }
    for (name, _) in required {
        object = object.required(*name);
    }
    object.build().into()
}

fn list(of: Schema) -> Schema {
    ArrayBuilder::new().items(RefOr::T(of)).build().into()
}

fn of_type(kind: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(kind))
}

fn nullable(kind: Type) -> Schema {
    let kinds = SchemaType::from_iter([kind, Type::Null]);
    ObjectBuilder::new().schema_type(kinds).build().into()
}

fn text() -> Schema {
    of_type(Type::String).build().into()
}

fn nullable_text() -> Schema {
    nullable(Type::String)
}

fn truth() -> Schema {
    of_type(Type::Boolean).build().into()
}

fn count() -> Schema {
    of_type(Type::Integer).minimum(Some(0)).build().into()
}

fn nullable_count() -> Schema {
    nullable(Type::Integer)
}

fn grade() -> Schema {
    of_type(Type::Integer).minimum(Some(0)).maximum(Some(5)).build().into()
}

fn share() -> Schema {
    of_type(Type::Number).minimum(Some(0)).maximum(Some(1)).build().into()
}

fn one_of<const N: usize>(names: [&'static str; N]) -> Schema {
    of_type(Type::String).enum_values(Some(names)).build().into()
}

fn citation() -> Schema {
    object(
        &[
            ("page", nullable_count()),
            ("heading", list(text())),
            ("start", count()),
            ("end", count()),
            ("quote", text()),
        ],
        &[],
    )
}
