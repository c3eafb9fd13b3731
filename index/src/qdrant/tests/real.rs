//! The suite against a real server, where `QDRANT_URL` names one.

use super::*;

/// Drops what the suite made, also where it fails.
struct Cleared(QdrantOptions);

impl Drop for Cleared {
    fn drop(&mut self) {
        let Ok(server) = Server::new(&self.0) else { return };
        let Ok(waiting) = Waiting::new(&self.0.url) else { return };
        let prefix = format!("{}-", self.0.prefix);
        let cleared = waiting.wait(async move {
            for name in collection::all(&server).await? {
                if name.starts_with(&prefix) {
                    collection::remove(&server, &name).await?;
                }
            }
            Ok(())
        });
        if let Err(fault) = cleared {
            eprintln!("collections {}-* are left: {fault}", self.0.prefix);
        }
    }
}

/// Of more equals than are asked for a real server gives any, and the suite asks for no order among them there.
#[test]
fn a_real_server_is_a_passage_index() {
    let Ok(url) = std::env::var("QDRANT_URL") else {
        eprintln!("skipped: QDRANT_URL names no server");
        return;
    };
    let options = QdrantOptions {
        url,
        api_key: std::env::var("QDRANT_API_KEY").ok(),
        prefix: format!("sufficit-trial-{}", std::process::id()),
        ..QdrantOptions::default()
    };
    let _cleared = Cleared(options.clone());
    let model = suite::model();
    suite::run_but_for_equals(|path| {
        let index = QdrantIndex::open(&options, &workspace(path), Arc::clone(&model));
        Box::new(index.expect("an index"))
    });
}
