use super::*;
use axum::extract::Query;
use axum::http::Uri;
use proptest::prelude::*;

fn opened(address: &str) -> QueueFilter {
    let uri: Uri = address.parse().expect("is an address");
    let Query(query) = Query::try_from_uri(&uri).expect("has a query");
    QueueFilter::of(&query)
}

#[test]
fn the_queue_of_all_that_is_open_has_no_filters_in_its_address() {
    let filter = opened("/queue");
    assert_eq!(filter.value(Facet::Status), OPEN);
    assert_eq!(filter.narrowing().count(), 0);
    assert_eq!(filter.address(None, Some(1)), "/queue");
    assert_eq!(opened("/queue?status=&kind=+&other=1"), filter);
}

#[test]
fn an_address_names_the_page_and_the_item_after_the_filters() {
    let filter = opened("/queue?kind=policy&framework=iso42001&status=all");
    let item: Item = "r/iso42001/9.2".parse().expect("is a key");
    assert_eq!(
        filter.address(Some(&item), Some(2)),
        "/queue?framework=iso42001&kind=policy&status=all&page=2&item=r/iso42001/9.2"
    );
}

proptest! {
    #[test]
    fn an_address_shows_the_same_filters_when_it_is_opened(
        values in proptest::array::uniform11("[^ \t\r\n\u{b}\u{c}\u{85}\u{a0}]{0,12}")
    ) {
        let query: HashMap<String, String> = Facet::ALL
            .into_iter()
            .zip(values)
            .map(|(facet, value)| (facet.name().to_owned(), value.trim().to_owned()))
            .collect();
        let filter = QueueFilter::of(&query);
        prop_assert_eq!(opened(&filter.address(None, None)), filter);
    }
}
