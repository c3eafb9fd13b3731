use crate::failure::Failure;
use crate::held::Decided;
use sufficit_evidence::{Calibration, Sufficiency};
use sufficit_mapper::{fit, uncalibrated};
use sufficit_review::Store;

/// The calibration of confidence by what people decided of the latest run's matches, in the version that they are of now;
/// `None` where too few did.
pub(crate) async fn fitted(store: &Store) -> Result<Option<Calibration>, Failure> {
    let decided = Decided::so_far(store).await?;
    let Some(run) = store.latest_run().await?.filter(|_| decided.ledger.last() > 0) else {
        return Ok(None);
    };
    let mut pairs = Vec::new();
    for head in store.match_heads().await? {
        let standing = decided.standing(&head.document, &head.requirement);
        let Some(held) = &standing.holding else { continue };
        let of_this_version = held.seen.document.as_ref() == Some(&head.document);
        if let Some(given) = held.sufficiency().filter(|_| of_this_version) {
            let raw = uncalibrated(head.confidence, run.versions.calibration);
            pairs.push((raw, given >= Sufficiency::PARTIAL));
        }
    }
    Ok(fit(&pairs))
}
