#[test]
fn scratch() {
    use super::*;
    let mut out = serde_json::Map::new();
    for kind in ["eml", "msg"] {
        let dir = std::env::var("MAILDIR").unwrap();
        for entry in std::fs::read_dir(format!("{dir}/{kind}")).unwrap().flatten() {
            let bytes = std::fs::read(entry.path()).unwrap();
            let k = if kind == "eml" { Kind::Eml } else { Kind::Msg };
            let name = entry.file_name().to_string_lossy().into_owned();
            let sniffed = crate::sniff::sniff(&bytes, &name).media_type().to_owned();
            let v = match read(&bytes, k, &Limits::default()) {
                Ok(mail) => {
                    let text =
                        crate::block::layout(mail.content.blocks, &Limits::default()).unwrap().text;
                    serde_json::json!({"sniffed": sniffed, "text": text, "attachments": mail.attachments.iter().map(|a| (a.name.clone(), a.bytes.len(), crate::document_id(&a.bytes).to_string())).collect::<Vec<_>>()})
                }
                Err(fault) => serde_json::json!({"sniffed": sniffed, "fault": fault.to_string()}),
            };
            out.insert(name, v);
        }
    }
    std::fs::write("/tmp/mail-ours.json", serde_json::to_string_pretty(&out).unwrap()).unwrap();
}
