//! Pages whose text runs sideways: they are turned, so that all that follows finds lines from left to right.

use super::fragment::Fragment;
use super::matrix::Point;

/// A page is turned when more than this share of its text runs one way that is not upright.
const SHARE: f64 = 0.6;
/// Ways that text may run on a page set sideways.
const WAYS: [Point; 3] =
    [Point { x: 0.0, y: 1.0 }, Point { x: 0.0, y: -1.0 }, Point { x: -1.0, y: 0.0 }];

/// Turns a page's fragments where most of them run sideways; gives the page's width and height after it.
pub(super) fn turn(fragments: &mut [Fragment], (width, height): (f64, f64)) -> (f64, f64) {
    let runs = |fragment: &Fragment, way: Point| fragment.style.direction.along(way) > 0.99;
    let characters = |way: Option<Point>| -> usize {
        fragments
            .iter()
            .filter(|fragment| way.is_none_or(|way| runs(fragment, way)))
            .map(|fragment| fragment.characters)
            .sum()
    };
    let all = characters(None) as f64;
    let Some(way) = WAYS.into_iter().find(|way| characters(Some(*way)) as f64 > SHARE * all) else {
        return (width, height);
    };
    // The corner that becomes the lower left one.
    let corner = Point {
        x: if way.y > 0.0 || way.x < 0.0 { width } else { 0.0 },
        y: if way.y < 0.0 || way.x < 0.0 { height } else { 0.0 },
    };
    let turned = |point: Point| {
        let point = point.from(corner);
        Point { x: point.along(way), y: point.across(way) }
    };
    for fragment in fragments {
        fragment.start = turned(fragment.start);
        fragment.end = turned(fragment.end);
        let direction = fragment.style.direction;
        fragment.style.direction = Point { x: direction.along(way), y: direction.across(way) };
    }
    if way.x == 0.0 { (height, width) } else { (width, height) }
}
