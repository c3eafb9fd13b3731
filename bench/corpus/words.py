"""What documents are about: for each field of work its own nouns, actions, roles, records, measures and chapters."""

FIELDS = {
    "security": {
        "kinds": ["Access Control Policy", "Vulnerability Handling Procedure", "Backup Standard", "Incident Register",
                  "Cryptography Guideline", "Supplier Security Review", "Network Zoning Standard", "Logging Procedure",
                  "Endpoint Hardening Baseline", "Penetration Test Report", "Business Continuity Plan"],
        "things": """privileged account|service credential|bastion host|firewall rule set|backup vault|signing key|badge reader
            |intrusion sensor|patch window|container image|audit trail|laptop fleet|password store|guest network|mail gateway
            |recovery site|threat feed|certificate inventory|remote session|data carrier|build pipeline secret|cloud tenant
            |session token|database snapshot|quarantine folder|malware scanner|asset inventory|security zone""",
        "verbs": """rotates|revokes|hardens|encrypts|segregates|isolates|scans|patches|restores|quarantines|inventories|seals
            |authenticates|monitors|blocks|wipes|tests|escalates""",
        "roles": """information security officer|network engineer|SOC analyst|system owner|identity administrator
            |backup operator|facility guard|incident coordinator|penetration tester""",
        "records": """access review|firewall change log|restore test report|vulnerability ticket|key ceremony protocol
            |incident report|visitor log|hardening checklist|phishing exercise result""",
        "measures": """mean time to contain|share of patched hosts|failed logins|restore duration|open critical findings
            |expired certificates|orphaned accounts""",
        "chapters": """Access rights|Malware protection|Logging and monitoring|Key management|Network separation
            |Physical entry|Backup and restore|Incident handling|Secure disposal|Remote work|Supplier access""",
    },
    "ai": {
        "kinds": ["AI Policy", "AI System Impact Assessment", "Model Card", "AI Risk Register", "Data Provenance Record",
                  "Human Oversight Procedure", "Model Validation Report", "AI Supplier Questionnaire",
                  "Responsible AI Objectives", "Model Monitoring Log", "Transparency Notice"],
        "things": """training data set|scoring model|recommendation engine|chat assistant|feature store|label guideline
            |model registry|evaluation suite|drift detector|prompt template|fallback rule|bias metric|human review queue
            |inference endpoint|synthetic sample|consent record|explanation panel|retraining trigger|hold-out set
            |embedding service|vision classifier|speech transcriber|annotation campaign|intended use statement|user notice""",
        "verbs": """validates|retrains|labels|audits|documents|monitors|explains|withdraws|benchmarks|calibrates|samples
            |anonymises|challenges|overrides|approves|limits|records""",
        "roles": """AI governance lead|model owner|data steward|ML engineer|ethics board member|product manager
            |human reviewer|validation scientist|data protection officer""",
        "records": """impact assessment|model card|data sheet|bias evaluation|oversight log|retirement note|drift report
            |validation protocol|risk acceptance|incident notice to affected persons""",
        "measures": """false positive rate|demographic parity gap|drift index|override rate|label agreement|calibration error
            |share of reviewed decisions""",
        "chapters": """Intended use|Data quality|Bias and fairness|Human oversight|Transparency to users|Verification and
            validation|Deployment|Operation and monitoring|Impact on individuals|Third-party models|Reporting of concerns""",
    },
    "finance": {
        "kinds": ["Expense Policy", "Credit Control Procedure", "Quarterly Forecast", "Treasury Guideline", "Audit Minutes",
                  "Procurement Standard", "Fixed Asset Register", "Invoice Approval Matrix", "Tax Filing Calendar"],
        "things": """purchase order|cost centre|ledger entry|accrual|invoice batch|credit line|travel claim|budget reserve
            |bank mandate|depreciation schedule|payment run|exchange rate table|tax code|customer deposit|lease contract
            |dunning letter|petty cash box|intercompany balance|fund transfer|salary provision""",
        "verbs": """reconciles|books|posts|releases|forecasts|writes off|settles|accrues|consolidates|invoices|allocates
            |refunds|audits|approves|hedges""",
        "roles": """controller|treasurer|accounts clerk|external auditor|budget owner|procurement manager|tax adviser
            |chief financial officer""",
        "records": """month-end checklist|bank statement|variance analysis|approval sheet|dunning list|asset count
            |forecast model|invoice copy""",
        "measures": """days sales outstanding|budget variance|overdue receivables|cash at hand|discount share
            |invoice cycle time""",
        "chapters": """Approval limits|Period close|Receivables|Payables|Travel costs|Capital spending|Hedging
            |Segregation of duties|Reporting to the board""",
    },
    "people": {
        "kinds": ["Onboarding Handbook", "Training Plan", "Remote Work Policy", "Disciplinary Procedure", "Skills Matrix",
                  "Recruitment Guideline", "Appraisal Report", "Leave Calendar", "Code of Conduct", "Works Council Minutes"],
        "things": """employment contract|training course|probation period|job description|skills matrix|leave request
            |appraisal talk|reference letter|payroll file|mentor scheme|shift roster|exit interview|salary band
            |works agreement|learning path|health check|induction day|parental leave|personnel file|grievance""",
        "verbs": """interviews|onboards|trains|appraises|promotes|mentors|schedules|informs|reimburses|surveys|consults
            |certifies|transfers|files|welcomes""",
        "roles": """HR partner|line manager|recruiter|works council|trainer|payroll officer|occupational physician
            |new joiner|apprentice""",
        "records": """attendance list|training certificate|signed declaration|appraisal form|exit checklist|survey result
            |candidate file|shift plan""",
        "measures": """attrition|training hours a head|time to hire|sick leave rate|course completion|engagement score""",
        "chapters": """Recruitment|Induction|Competence|Working hours|Conduct|Leaving the company|Health|Pay|Appraisals
            |Confidentiality undertakings""",
    },
    "engineering": {
        "kinds": ["Design Review Minutes", "Release Procedure", "Architecture Description", "Test Report", "Coding Standard",
                  "Change Log", "Service Runbook", "Requirements Specification", "Post-mortem", "Capacity Plan"],
        "things": """release branch|load balancer|message broker|test bench|interface contract|schema migration|feature flag
            |firmware image|build agent|cache layer|torque sensor|hydraulic valve|circuit board|staging cluster|rollback script
            |dependency list|code review|trace sampler|work package|calibration rig|wiring diagram|gear housing
            |design margin|error budget|deployment slot""",
        "verbs": """deploys|refactors|benchmarks|merges|simulates|calibrates|ships|rolls back|profiles|specifies|verifies
            |assembles|solders|measures|decommissions|instruments""",
        "roles": """release manager|test engineer|site reliability engineer|architect|firmware developer|quality inspector
            |product owner|maintenance technician""",
        "records": """build log|test protocol|design review note|change request|capacity forecast|calibration sheet
            |post-mortem|acceptance record""",
        "measures": """defect density|deployment frequency|tail latency|test coverage|rework hours|uptime|queue depth""",
        "chapters": """Scope of the design|Interfaces|Build and release|Test strategy|Roll-back|Capacity|Known defects
            |Maintenance|Commissioning|Tolerances""",
    },
    "operations": {
        "kinds": ["Canteen Menu Plan", "Fleet Manual", "Warehouse Instruction", "Event Report", "Cleaning Schedule",
                  "Facilities Survey", "Marketing Brief", "Field Trip Report", "Energy Review", "Travel Guide"],
        "things": """delivery van|cold room|soup kettle|pallet rack|loading dock|trade fair booth|water meter|forklift
            |spice blend|boiler|lawn|solar panel|packing line|press release|brochure|tyre set|cafeteria|roof gutter|parcel
            |harvest|conveyor|greenhouse|meeting room|bicycle stand|coffee roast|customer newsletter""",
        "verbs": """delivers|cleans|stores|cooks|paints|loads|repairs|waters|advertises|weighs|counts|packs|orders|heats
            |displays|drives|prunes""",
        "roles": """warehouse lead|chef|driver|gardener|event planner|caretaker|copywriter|shift leader|visitor""",
        "records": """delivery note|menu card|mileage book|cleaning sheet|stock count|guest list|meter reading|photo report""",
        "measures": """fuel use|meals served|stock turnover|parcel returns|kilowatt hours|visitor numbers|cleaning hours""",
        "chapters": """Daily routine|Stock|Vehicles|Menus|Visitors|Season|Energy|Suppliers|Events|Grounds""",
    },
}
for _bank in FIELDS.values():
    for _name, _text in _bank.items():
        if isinstance(_text, str):
            _bank[_name] = [" ".join(item.split()) for item in _text.split("|")]

FIRST_NAMES = """Ada Bruno Chidi Dana Elif Farid Greta Hugo Ines Jonas Kaja Liam Mira Nadia Oskar Priya Quentin Rosa Sven
    Tomoko Ulla Viktor Wanda Xenia Yusuf Zora""".split()
PLACES = """Bergen Coimbra Dresden Eindhoven Ghent Graz Kaunas Leeds Lyon Malaga Odense Padua Porto Tartu Turku Uppsala Wroclaw
    Zadar""".split()
SYLLABLES = """ba ber bo cal cor da del dor el en fa fen gar gi hal hem in ja jor ka kel la lin lo ma mer mi mon na nel no or
    pa per qui ra ren ri ro sa sel sha so ta ten ti tor u va vel vi wen ya zan zi""".split()
SUFFIXES = ["", "", "", "Desk", "Flow", "Hub", "Line", "Sight", "Base", "Works"]

ADJECTIVES = """annual approved central complete critical current daily dated detailed documented effective external formal
    former independent internal joint later local measured monthly named new open outdated planned preliminary quarterly
    regional relevant remote revised routine separate shared signed small standard temporary unplanned urgent weekly
    written""".split()
MANNERS = ["without delay", "within {n} working days", "before the next release", "at least once a quarter",
           "in the presence of a second person", "as far as practicable", "on the basis of the risk", "in writing",
           "after each major change", "during the night shift", "by the end of {month}", "for a period of {n} months",
           "together with the {role}", "at the {place} site", "under ticket {ticket}"]
REASONS = ["because the {measure} rose to {n}.{d} %", "so that the {thing} can be traced", "since {place} reported {n} cases",
           "unless the {role} agrees in writing", "where the {thing} is shared with {project}",
           "as long as the {adjective} {record} is kept", "if {project} is out of service for more than {n} hours",
           "to keep the {measure} below {n} %", "whenever a {thing} is replaced"]
MONTHS = """January February March April May June July August September October November December""".split()
