//! Tests of the events and their JSON.

use super::*;

fn terminal(outcome: Outcome) -> Event {
    Event::Terminal(Terminal {
        outcome,
        length: Offset(12),
        check: Check(0xab),
        timing: Timing { first_ms: Some(3), think_ms: None, total_ms: 90 },
    })
}

#[test]
fn every_event_survives_its_json() {
    let all = [
        Event::Think("h\u{1f}m\u{2028}".to_owned()),
        Event::Text("safe\r\n\r\nevent: control\r\ndata: {\"injected\":true}\0".to_owned()),
        Event::Image(Image { url: "/api/files/a".to_owned(), w: 4, h: 3, alt: "a \"cat\"".to_owned() }),
        Event::Status(Status { phase: Phase::Queued, until: Some(5), preview: Some("/p".to_owned()) }),
        terminal(Outcome::End { reason: EndReason::Length, usage: Some(Usage { input: 1, output: 2 }) }),
        terminal(Outcome::Cancelled { discarded: 7 }),
        terminal(Outcome::Error {
            kind: ErrorKind::RateLimited,
            message: "slow down".to_owned(),
            retry_after: Some(30),
        }),
    ];
    for event in all {
        let json = event.to_json();
        assert!(!json.contains(['\n', '\r']), "one line: {json}");
        assert_eq!(Event::from_json(&json).unwrap(), event, "{json}");
    }
}

#[test]
fn the_json_is_the_documented_one() {
    assert_eq!(Event::Text("ello".to_owned()).to_json(), r#"{"t":"text","r":"ello"}"#);
    assert_eq!(
        terminal(Outcome::End { reason: EndReason::Stop, usage: None }).to_json(),
        r#"{"t":"end","reason":"stop","length":12,"check":"000000ab","timing":{"first_ms":3,"total_ms":90}}"#
    );
}

#[test]
fn what_is_not_known_is_not_an_error() {
    assert_eq!(Event::from_json(r#"{"t":"video","r":"x"}"#).unwrap(), Event::Unknown);
    assert_eq!(Event::from_json(r#"{"t":"text","r":"x","new":[1]}"#).unwrap(), Event::Text("x".to_owned()));
    for json in [r#"{"t":"video","r":{"url":"x"},"length":"long"}"#, r#"{"t":"status","phase":"dreaming"}"#] {
        assert_eq!(Event::from_json(json).unwrap(), Event::Unknown, "{json}");
    }
}

#[test]
fn an_incomplete_event_names_the_field() {
    assert_eq!(
        Event::from_json(r#"{"t":"text"}"#).unwrap_err().to_string(),
        "an event of type `text` needs the field `r`"
    );
    for json in
        ["[DONE]", r#"["text","x"]"#, "", "null", "7", r#"{"t":"text","r":7}"#, r#"{"t":7}"#, r#"{"r":"x"}"#]
    {
        assert!(Event::from_json(json).is_err(), "{json}");
    }
}
