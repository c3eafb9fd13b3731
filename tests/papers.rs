//! Three documents that a company might have: a procedure, a policy and a record.

#![allow(dead_code, reason = "compiled into each test target, and no target needs all of it")]

use crate::writing::{Chapter, Paper};

const fn chapter<'a>(heading: &'a str, paragraphs: &'a [&'a str]) -> Chapter<'a> {
    Chapter { heading, paragraphs }
}

/// An approval block in force on the day of judgement.
pub(crate) const APPROVED: &[(&str, &str)] = &[
    ("Version", "2.0"),
    ("Status", "Approved"),
    ("Owner", "Ines Calder, Head of AI Assurance"),
    ("Approved by", "Rufus Lindqvist, Chief Executive"),
    ("Approval date", "14 May 2026"),
    ("Next review", "14 May 2027"),
];

/// Lays down how the effects of AI systems are assessed: A.5.2.
pub(crate) const PROCEDURE: Paper<'_> = Paper {
    title: "AI system impact assessment procedure",
    control: APPROVED,
    chapters: &[
        chapter(
            "1 When an assessment is due",
            &[
                "The owner of an AI system answers the screening questionnaire before the project leaves the idea stage, and again before every major release.",
                "A full impact assessment is required where the system decides about people, is highly autonomous, is safety-critical, or uses sensitive data. All other systems keep the screening result on file.",
            ],
        ),
        chapter(
            "2 Steps",
            &[
                "The assessment goes through five steps: screening, identification of sources and events, analysis of the severity and likelihood of the consequences, evaluation against the acceptance scale, and treatment.",
                "Severity and likelihood are each rated from 1 to 5. A product above 9 is not acceptable without treatment.",
            ],
        ),
        chapter(
            "3 Who takes part",
            &[
                "The system owner carries out the impact assessment together with the data protection officer. At least three people who are affected by the AI system, or their representatives, are consulted.",
                "The AI assurance team reviews each assessment, and the Chief Executive approves it.",
            ],
        ),
        chapter(
            "4 What is looked at",
            &[
                "The method looks at consequences of the AI system for individuals, for groups and for society at large, over the whole life cycle from design to retirement, and not only at risks for the company.",
                "Vulnerable persons, fundamental rights, health, jobs and the environment are considered each time.",
            ],
        ),
        chapter(
            "5 What happens with the results",
            &[
                "The outcome of the impact assessment feeds back into the design of the AI system, decides about go or no-go at the release gate, and is entered in the AI risk register.",
            ],
        ),
    ],
};

/// Sets the rules for the use of AI: A.2.2.
pub(crate) const POLICY: Paper<'_> = Paper {
    title: "Artificial intelligence policy",
    control: APPROVED,
    chapters: &[
        chapter(
            "1 Scope",
            &[
                "This policy sets binding rules for everyone who develops, buys or uses artificial intelligence at Harrow Lane Optics. It applies to all employees, contractors and agencies, and to all AI systems in the inventory.",
            ],
        ),
        chapter(
            "2 Principles",
            &[
                "All work with AI follows six principles: fairness, transparency, human oversight, safety, privacy and accountability. A named person can always stop an AI system.",
            ],
        ),
        chapter(
            "3 What is forbidden",
            &[
                "AI must not be used for emotion recognition, social scoring or covert manipulation. Confidential data must not be entered into public chatbots. Drafting, translation and search are permitted.",
            ],
        ),
        chapter(
            "4 Strategy, risk and law",
            &[
                "The policy rests on the business strategy, the values of the company, its low appetite for risk to patients, and applicable law such as the EU AI Act.",
            ],
        ),
        chapter(
            "5 Exceptions",
            &[
                "Exceptions from this AI policy need a written request, are approved by the Head of AI Assurance and expire after 90 days. Breaches have disciplinary consequences.",
            ],
        ),
    ],
};

/// Shows that backups were restored: iso27001 A.8.13.
pub(crate) const RECORD: Paper<'_> = Paper {
    title: "Backup restore test report, third quarter 2026",
    control: &[
        ("Date of test", "8 September 2026"),
        ("Completed by", "Piet Amrein, Systems Engineer"),
        ("Signed off by", "Odile Marsh, IT Operations Manager"),
        ("Sign-off date", "10 September 2026"),
        ("Version", "1.0"),
    ],
    chapters: &[
        chapter(
            "1 What was restored",
            &[
                "On 8 September 2026 the order database was restored from the encrypted nightly backup of 7 September 2026 on to a separate server. The backup had been taken by the schedule and copied to the second site.",
            ],
        ),
        chapter(
            "2 Result",
            &[
                "The restore took 52 minutes; the recovery time objective is 4 hours. All 1,204,331 rows matched the checksums of the source. The result is passed.",
            ],
        ),
        chapter(
            "3 Backup monitoring in the quarter",
            &[
                "92 of 92 nightly backup jobs ended without error between 1 July and 30 September 2026. One warning about free space on 12 August 2026 was closed on 13 August 2026, ticket OPS-771.",
            ],
        ),
        chapter(
            "4 Follow-up",
            &[
                "Odile Marsh accepted the result on 10 September 2026. The next restore test is planned for December 2026.",
            ],
        ),
    ],
};

/// A paper with what it is written for.
#[derive(Clone, Copy)]
pub(crate) struct Written {
    pub(crate) name: &'static str,
    pub(crate) paper: Paper<'static>,
    /// The requirement that it is written for.
    pub(crate) wanted: &'static str,
    /// What any auditor would give it there.
    pub(crate) least: u64,
}

/// All three.
pub(crate) const ALL: [Written; 3] = [
    Written { name: "procedure", paper: PROCEDURE, wanted: "iso42001:A.5.2", least: 3 },
    Written { name: "policy", paper: POLICY, wanted: "iso42001:A.2.2", least: 3 },
    Written { name: "record", paper: RECORD, wanted: "iso27001:A.8.13", least: 2 },
];

/// A chapter that has nothing to do with any requirement.
pub(crate) const UNRELATED: Chapter<'_> = chapter(
    "The kitchen garden",
    &[
        "Tomatoes are sown in March and moved outdoors after the last frost. Water them in the morning, at the root. Beans climb on hazel poles; courgettes want room.",
        "Apples keep until February in a cool cellar, laid side by side without touching. Pears ripen within two weeks of picking.",
    ],
);

/// A text about cooking.
pub(crate) const COOKING: Paper<'_> = Paper {
    title: "Onion soup for four",
    control: &[],
    chapters: &[
        chapter(
            "What you need",
            &[
                "Six large onions, 60 g of butter, a spoon of flour, a glass of dry white wine, one litre of beef stock, stale bread, and 150 g of Gruyère.",
            ],
        ),
        chapter(
            "How it is made",
            &[
                "Slice the onions and let them turn brown in the butter over a low flame; this takes 40 minutes. Dust with flour, add the wine, let it boil down, then pour on the stock.",
                "Simmer for half an hour. Fill bowls, lay toasted bread on top, cover with cheese and brown under the grill.",
            ],
        ),
        chapter("What goes with it", &["A green salad with walnut oil, and the rest of the wine."]),
    ],
};
