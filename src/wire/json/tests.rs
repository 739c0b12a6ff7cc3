//! The same as serde_json, where both know the types.

use serde::Deserialize;
use wasm_bindgen_test::wasm_bindgen_test;

use super::from_str;
use crate::wire::{Event, MessagePart, Models, Snapshot};

/// Everything that the wire's types are made of.
#[derive(Debug, PartialEq, Deserialize)]
struct All<'a> {
    #[serde(borrow, default)]
    s: std::borrow::Cow<'a, str>,
    #[serde(default)]
    n: Option<u64>,
    #[serde(default)]
    w: u32,
    #[serde(default)]
    b: bool,
    #[serde(default)]
    list: Vec<One>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum One {
    Name,
    Many(Vec<u64>),
    Fields { x: u64 },
}

#[track_caller]
fn same(json: &str) {
    let (ours, theirs) = (from_str::<All<'_>>(json).ok(), serde_json::from_str::<All<'_>>(json).ok());
    // The one difference: serde_json also takes a struct's fields as an array.
    if ours.is_some() || !json.contains('[') {
        assert_eq!(ours, theirs, "{json:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn good_json_is_read() {
    let json = r#" {"s":"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é😀", "n" : 18446744073709551615,"w":0,
        "b":true,"list":["name",{"many":[1,2]},{"fields":{"x":7,"new":[{"a":-1.5e+3},null,"\u0000"]}}]}"#;
    let all: All<'_> = from_str(json).unwrap();
    assert_eq!(all.s, "a\"\\/\u{8}\u{c}\n\r\t\u{e9}😀é😀");
    assert_eq!(all.list, [One::Name, One::Many(vec![1, 2]), One::Fields { x: 7 }]);
    same(json);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_string_without_escapes_is_borrowed() {
    let all: All<'_> = from_str(r#"{"s":"plain"}"#).unwrap();
    assert!(matches!(all.s, std::borrow::Cow::Borrowed("plain")));
}

#[wasm_bindgen_test(unsupported = test)]
fn bad_json_is_refused_as_serde_json_refuses_it() {
    for json in [
        "",
        "{",
        "}",
        "{}x",
        "{} {}",
        "{,}",
        r#"{"s":"a",}"#,
        r#"{"s" "a"}"#,
        r#"{"s":"a" "n":1}"#,
        r#"{"s":"a}"#,
        "{\"s\":\"a\nb\"}",
        r#"{"s":"\x"}"#,
        r#"{"s":"\u12"}"#,
        r#"{"s":"\u+123"}"#,
        r#"{"s":"\ud800"}"#,
        r#"{"s":"\ud800\u0041"}"#,
        r#"{"s":"\udc00"}"#,
        r#"{"n":01}"#,
        r#"{"n":1.0}"#,
        r#"{"n":1e3}"#,
        r#"{"n":-1}"#,
        r#"{"n":18446744073709551616}"#,
        r#"{"n":nul}"#,
        r#"{"n":"1"}"#,
        r#"{"w":4294967296}"#,
        r#"{"b":1}"#,
        r#"{"s":"a","s":"b"}"#,
        r#"{"list":["many"]}"#,
        r#"{"list":["other"]}"#,
        r#"{"list":[{"name":1}]}"#,
        r#"{"list":["name",]}"#,
        r#"{"list":[,"name"]}"#,
        r#"{"list":{}}"#,
        r#"{"x":01}"#,
        r#"{"x":1.}"#,
        r#"{"x":.5}"#,
        r#"{"x":-}"#,
        r#"{"x":1e}"#,
        r#"{"x":[1,]}"#,
        r#"{"x":{"a"}}"#,
        r#"{"x":tru}"#,
        "[]",
        "null",
        "1",
    ] {
        same(json);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_struct_is_an_object() {
    assert!(from_str::<All<'_>>("[]").is_err());
    assert!(from_str::<All<'_>>(r#"{"list":[{"fields":[1]}]}"#).is_err());
}

#[wasm_bindgen_test(unsupported = test)]
fn numbers_that_are_skipped_are_still_numbers() {
    for json in
        [r#"{"x":-0}"#, r#"{"x":0.5}"#, r#"{"x":1e5}"#, r#"{"x":1E-5}"#, r#"{"x":-12.5e+10,"b":true}"#]
    {
        same(json);
        assert!(from_str::<All<'_>>(json).is_ok(), "{json}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn nesting_does_not_overflow_the_stack() {
    let json = format!("{{\"x\":{}", "[".repeat(1_000_000));
    assert!(from_str::<All<'_>>(&json).is_err());
}

#[wasm_bindgen_test(unsupported = test)]
fn a_lone_surrogate_in_a_message_becomes_one_replacement_character() {
    let part = |json: &str| from_str::<MessagePart>(json).unwrap();
    assert_eq!(part(r#"{"t":"text","r":"a\ud83db"}"#), MessagePart::Text("a\u{fffd}b".to_owned()));
    assert_eq!(part(r#"{"t":"text","r":"\ud83d\ude00"}"#), MessagePart::Text("😀".to_owned()));
}

#[wasm_bindgen_test(unsupported = test)]
fn the_types_of_the_wire_are_read() {
    let snapshot = r#"{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","conversation":"0f8fad5b-d9cb-469f-a165-70867728950f",
        "parent":"0f8fad5b-d9cb-469f-a165-708677289510","model":"demo/echo","state":"end",
        "parts":[{"t":"think","r":"h\u006dm"},{"t":"image","r":"/i","w":1,"h":2,"alt":"x"}],"length":5,
        "check":"000000ab","terminal":{"t":"end","reason":"new one","length":5,"check":"000000ab","timing":{"total_ms":3}}}"#;
    assert_eq!(from_str::<Snapshot>(snapshot).unwrap(), serde_json::from_str::<Snapshot>(snapshot).unwrap());
    let models = r#"{"models":[{"id":"a/b","provider":"a","label":"\"b\"","default":true}],"problems":[]}"#;
    assert_eq!(from_str::<Models>(models).unwrap(), serde_json::from_str::<Models>(models).unwrap());
    let event = r#"{"t":"status","phase":"queued","until":17,"new":{"a":[1.5]}}"#;
    assert!(matches!(Event::from_json(event), Ok(Event::Status(_))));
}

#[cfg(not(target_family = "wasm"))]
mod chance {
    use proptest::prelude::*;

    use super::{from_str, same};

    proptest! {
        /// Pieces of JSON in any order: mostly wrong, and wrong in every place.
        #[test]
        fn any_pieces_are_read_as_serde_json_reads_them(
            pieces in prop::collection::vec(prop::sample::select(&[
                "{", "}", "[", "]", ",", ":", "\"", "\"s\":", "\"n\":", "\"list\":", "\"x\":", "\"name\"", "\"many\"", "null", "true", "1",
                "-", "0", ".5", "e9", " ", "\\", "\\u", "d83d", "\\ude00", "é", "\n", "{\"s\":\"", "{\"fields\":{\"x\":1}}",
            ][..]), 0..14)
        ) {
            same(&pieces.concat());
        }

        #[test]
        fn any_string_survives(s in any::<String>()) {
            let json = serde_json::to_string(&s).unwrap();
            prop_assert_eq!(from_str::<String>(&json).unwrap(), s);
        }
    }
}
