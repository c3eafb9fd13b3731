use super::*;

#[test]
fn the_description_is_what_was_agreed() {
    let (_, mut api) = described(DefaultBodyLimit::disable());
    api.info.version = "of the program".to_owned();
    insta::assert_json_snapshot!("openapi", api);
}

#[test]
fn every_operation_says_how_it_refuses_and_what_its_parameters_are() {
    let (_, api) = described(DefaultBodyLimit::disable());
    let json = serde_json::to_value(&api).expect("is JSON");
    let paths = json["paths"].as_object().expect("has paths");
    assert!(paths.len() >= 18, "{} paths", paths.len());
    let mut names = std::collections::BTreeSet::new();
    for (path, item) in paths {
        assert!(path.starts_with("/api/v1/"), "{path}");
        for (method, operation) in item.as_object().expect("an item") {
            let name = operation["operationId"].as_str().expect("has a name");
            assert!(names.insert(name.to_owned()), "{name} is the name of two");
            let refused = &operation["responses"]["4XX"]["content"]["application/problem+json"];
            assert!(refused.is_object(), "{method} {path}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let said = parameter["description"].as_str().unwrap_or_default();
                assert!(!said.is_empty(), "{method} {path}: {} says nothing", parameter["name"]);
            }
        }
    }
}
