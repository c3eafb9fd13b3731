use super::report::Report;
use crate::failure::Failure;
use std::str::FromStr;

/// A figure and the value that it has to reach, or not to exceed: `map=0.55`, `iso42001.kappa=0.6`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bound {
    name: String,
    value: f64,
}

impl FromStr for Bound {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || "a bound is FIGURE=NUMBER, such as map=0.55".to_owned();
        let (name, value) = text.split_once('=').ok_or_else(form)?;
        let value: f64 = value.trim().parse().map_err(|_| form())?;
        match value.is_finite() && !name.trim().is_empty() {
            true => Ok(Self { name: name.trim().to_owned(), value }),
            false => Err(form()),
        }
    }
}

/// What each figure says that is under its floor or over its ceiling. A bound holds for every figure of its name, whatever
/// set or framework stands before it, but for `map`, which is the macro average. A bound without a figure is refused.
pub(crate) fn broken(
    report: &Report,
    floors: &[Bound],
    ceilings: &[Bound],
) -> Result<Vec<String>, Failure> {
    let figures = &report.figures;
    let mut broken = Vec::new();
    let floors = floors.iter().map(|bound| (bound, false));
    for (bound, is_ceiling) in floors.chain(ceilings.iter().map(|bound| (bound, true))) {
        let Bound { name, value: limit } = bound;
        let is_meant = |figure: &str| {
            figure == name
                || name != "map"
                    && figure.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'))
        };
        let mut meant = figures.iter().filter(|(figure, _)| is_meant(figure)).peekable();
        if meant.peek().is_none() {
            let names: Vec<&str> = figures.keys().map(String::as_str).collect();
            return Err(Failure::usage(
                format!("`{name}` is no figure of these sets"),
                format!("They have {}.", names.join(", ")),
            ));
        }
        for (figure, value) in meant {
            if is_ceiling && value > limit {
                broken.push(format!("{figure} is {value:.3}, over its ceiling of {limit}"));
            } else if !is_ceiling && value < limit {
                broken.push(format!("{figure} is {value:.3}, under its floor of {limit}"));
            }
        }
    }
    Ok(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn map_is_the_macro_average_and_other_names_stand_for_every_set() {
        let figure = |name: &str, value| (name.to_owned(), value);
        let figures = [figure("map", 0.6), figure("a.map", 0.1), figure("a.x.kappa", 0.3)];
        let report = Report {
            sets: Vec::new(),
            map_macro: Some(0.6),
            figures: figures.into_iter().collect(),
        };
        let bound = |text: &str| [text.parse().expect("a bound")];
        let faults = |floor| broken(&report, &bound(floor), &[]).expect("it has them");
        assert!(faults("map=0.5").is_empty());
        assert_eq!(faults("a.map=0.5").len(), 1);
        assert_eq!(faults("kappa=0.5"), ["a.x.kappa is 0.300, under its floor of 0.5"]);
    }

    #[test]
    fn bounds_are_read_or_refused() {
        let bound = Bound { name: "iso42001.kappa".into(), value: 0.6 };
        assert_eq!("iso42001.kappa = 0.6".parse(), Ok(bound));
        for wrong in ["0.55", "map=", "map=high", "=0.5", "map=inf"] {
            assert!(wrong.parse::<Bound>().is_err(), "{wrong}");
        }
    }
}
