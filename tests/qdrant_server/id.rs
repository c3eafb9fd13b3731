//! Ids of points.

use super::refusal;
use qdrant_client::qdrant::PointId;
use qdrant_client::qdrant::point_id::PointIdOptions;
use tonic::Status;

/// The id of a point. Numbers come before UUIDs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Id {
    Number(u64),
    Uuid(u128),
}

impl Id {
    pub(super) fn read(id: Option<&PointId>) -> Result<Self, Status> {
        match id.and_then(|id| id.point_id_options.as_ref()) {
            Some(PointIdOptions::Num(number)) => Ok(Id::Number(*number)),
            Some(PointIdOptions::Uuid(text)) => uuid(text)
                .map(Id::Uuid)
                .ok_or_else(|| Status::invalid_argument(format!("Unable to parse UUID: {text}"))),
            None => Err(refusal::wrong("No ID options provided")),
        }
    }

    pub(super) fn read_all(ids: &[PointId]) -> Result<Vec<Self>, Status> {
        ids.iter().map(|id| Id::read(Some(id))).collect()
    }

    pub(super) fn write(self) -> PointId {
        let options = match self {
            Id::Number(number) => PointIdOptions::Num(number),
            Id::Uuid(uuid) => {
                let digits = format!("{uuid:032x}");
                let groups = [0..8, 8..12, 12..16, 16..20, 20..32].map(|group| &digits[group]);
                PointIdOptions::Uuid(groups.join("-"))
            }
        };
        PointId { point_id_options: Some(options) }
    }
}

/// With hyphens or without.
fn uuid(text: &str) -> Option<u128> {
    let hyphened = text.len() == 36
        && text.bytes().enumerate().all(|(at, one)| (one == b'-') == [8, 13, 18, 23].contains(&at));
    let digits = if hyphened { text.replace('-', "") } else { text.to_owned() };
    let plain = digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    plain.then(|| u128::from_str_radix(&digits, 16).ok()).flatten()
}
