use super::*;

fn period(minutes: u32, bound: Bound) -> Period {
    Period { minutes, working_days: false, bound }
}

#[test]
fn what_can_both_be_kept_is_no_contradiction() {
    let (quarter, year) = (131_400, 525_600);
    let both = |a, b| {
        assert_eq!(periods_conflict(a, b), periods_conflict(b, a));
        periods_conflict(a, b)
    };
    assert!(both(period(quarter, Bound::Exact), period(year, Bound::Exact)));
    assert!(!both(period(quarter, Bound::Exact), period(year, Bound::AtMost)));
    assert!(both(period(2 * year, Bound::Exact), period(year, Bound::AtMost)));
    assert!(!both(period(2 * year, Bound::Exact), period(year, Bound::AtLeast)));
    assert!(both(period(quarter, Bound::AtMost), period(year, Bound::AtLeast)));
    assert!(!both(period(quarter, Bound::AtLeast), period(year, Bound::AtMost)));
    assert!(both(period(quarter, Bound::AtMost), period(year, Bound::AtMost)));
    assert!(!both(period(90 * 1_440, Bound::Exact), period(quarter, Bound::Exact)));
}

#[test]
fn five_working_days_are_a_week() {
    let working = Period { working_days: true, ..period(5 * 1_440, Bound::Exact) };
    assert!(!periods_conflict(working, period(7 * 1_440, Bound::Exact)));
    assert!(periods_conflict(working, period(1_440, Bound::Exact)));
}

#[test]
fn roles_that_may_be_one_do_not_contradict() {
    for (a, b) in [
        ("board", "board of directors"),
        ("chief executive officer", "managing director"),
        ("head of it", "chief it officer"),
        ("head of ai", "head of ai assurance"),
    ] {
        assert!(!roles_conflict(a, b) && !roles_conflict(b, a), "{a} and {b}");
    }
    for (a, b) in [("board", "chief executive"), ("head of it", "head of legal"), ("ciso", "dpo")] {
        assert!(roles_conflict(a, b) && roles_conflict(b, a), "{a} and {b}");
    }
}
