use crate::{ConfigError, ConfigFile};
use sufficit_evidence::Rubric;

/// The rubric of `file`, or the built-in one. Refuses unknown keys and numbers that cannot be.
pub fn load_rubric(file: Option<ConfigFile>) -> Result<Rubric, ConfigError> {
    let file =
        file.unwrap_or_else(|| ConfigFile::built_in("rubric.toml", include_str!("../rubric.toml")));
    let rubric: Rubric = file.parse()?;
    let refuse = |what: &str| Err(file.refuse(0..0, what));
    let fusion = &rubric.fusion;
    if fusion.semantic_ceiling <= fusion.semantic_floor {
        return refuse("semantic_ceiling must be above semantic_floor");
    }
    if !(0.0..=1.0).contains(&fusion.heading_weight) {
        return refuse("heading_weight must be between 0 and 1");
    }
    if fusion.passages_per_probe == 0 {
        return refuse("passages_per_probe must be 1 or more");
    }
    let thresholds = &rubric.thresholds;
    if thresholds.check_touched < fusion.focus_from {
        return refuse("check_touched must not be below focus_from");
    }
    if thresholds.check_met < thresholds.check_touched {
        return refuse("check_met must not be below check_touched");
    }
    if thresholds.defined_share < thresholds.partial_share {
        return refuse("defined_share must not be below partial_share");
    }
    Ok(rubric)
}
