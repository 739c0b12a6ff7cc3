//! The demo's options, each with a sentence of its own for a value that makes no sense.

use serde_json::{Map, Value};

use crate::server::provider::BadPrompt;
use crate::wire::DemoOptions;

/// A pause of a minute is already longer than anybody looks at a demo.
const MOST_PACE_MS: u64 = 60_000;
/// More characters than this at once are no piece any more.
const MOST_PIECE: u64 = 100_000;
/// 1 GiB: far beyond every limit of an answer, so that those can be tried too.
const MOST_LENGTH: u64 = 1 << 30;

/// Reads the options of a request. `null` is the same as absent.
pub(super) fn parse(options: &Map<String, Value>) -> Result<DemoOptions, BadPrompt> {
    let mut parsed = DemoOptions::default();
    for (key, value) in options.iter().filter(|(_, value)| !value.is_null()) {
        match key.as_str() {
            "pace_ms" => parsed.pace_ms = Some(whole(key, value, MOST_PACE_MS)?),
            "pieces" => parsed.pieces = Some(pieces(value)?),
            "seed" => parsed.seed = Some(whole(key, value, u64::MAX)?),
            "length" => parsed.length = Some(size(key, value, MOST_LENGTH)?),
            "error_after" => parsed.error_after = Some(size(key, value, u64::MAX)?),
            "cut_after" => parsed.cut_after = Some(size(key, value, u64::MAX)?),
            "stall_after" => parsed.stall_after = Some(size(key, value, u64::MAX)?),
            _ => return Err(unknown(key)),
        }
    }
    Ok(parsed)
}

fn whole(key: &str, value: &Value, most: u64) -> Result<u64, BadPrompt> {
    value.as_u64().filter(|number| *number <= most).ok_or_else(|| {
        let range = if most == u64::MAX { "0 or more".to_owned() } else { format!("from 0 to {most}") };
        BadPrompt(format!("The demo's option `{key}` is a whole number, {range}."))
    })
}

fn size(key: &str, value: &Value, most: u64) -> Result<usize, BadPrompt> {
    whole(key, value, most).map(|number| usize::try_from(number).unwrap_or(usize::MAX))
}

fn pieces(value: &Value) -> Result<[usize; 2], BadPrompt> {
    let numbers = value.as_array().map(|items| items.iter().map(Value::as_u64).collect::<Vec<_>>());
    match numbers.as_deref() {
        Some([Some(min), Some(max)]) if 1 <= *min && min <= max && *max <= MOST_PIECE => {
            Ok([*min, *max].map(|number| usize::try_from(number).unwrap_or(usize::MAX)))
        }
        _ => Err(BadPrompt(format!(
            "The demo's option `pieces` is a list of two whole numbers, the least and the most characters of \
             a piece, such as [1, 10]; the least is at least 1, the most at least the least and at most \
             {MOST_PIECE}."
        ))),
    }
}

fn unknown(key: &str) -> BadPrompt {
    let key: String = key.chars().take(60).collect();
    BadPrompt(format!(
        "The demo has no option `{key}`; it knows pace_ms, pieces, seed, length, error_after, cut_after and \
         stall_after."
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse_json(json: &Value) -> Result<DemoOptions, BadPrompt> {
        parse(json.as_object().unwrap())
    }

    /// The keys stand here and in the wire type: this keeps the two together.
    #[test]
    fn every_option_of_the_wire_type_is_read() {
        let all = DemoOptions {
            pace_ms: Some(1),
            pieces: Some([2, 3]),
            seed: Some(u64::MAX),
            length: Some(5),
            error_after: Some(6),
            cut_after: Some(7),
            stall_after: Some(8),
        };
        assert_eq!(parse_json(&serde_json::to_value(&all).unwrap()).unwrap(), all);
        assert_eq!(parse_json(&json!({"seed": null})).unwrap(), DemoOptions::default());
    }

    #[test]
    fn a_bad_value_is_refused_with_a_sentence_that_names_the_key() {
        for (key, bad) in [
            ("pace_ms", json!("fast")),
            ("pace_ms", json!(-1)),
            ("pace_ms", json!(1.5)),
            ("pace_ms", json!(60_001)),
            ("pieces", json!(3)),
            ("pieces", json!([0, 3])),
            ("pieces", json!([4, 3])),
            ("pieces", json!([1, 2, 3])),
            ("pieces", json!([1, "2"])),
            ("pieces", json!([1, u64::MAX])),
            ("seed", json!("x")),
            ("length", json!(1u64 << 40)),
            ("error_after", json!(true)),
            ("cut_after", json!([])),
            ("stall_after", json!({})),
            ("pase_ms", json!(1)),
        ] {
            let BadPrompt(message) = parse_json(&json!({ key: bad })).unwrap_err();
            assert!(message.contains(&format!("`{key}`")), "{key}: {message}");
        }
    }
}
