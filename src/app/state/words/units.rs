//! Numbers and durations as a person reads them.

use super::words;

/// A number with its thousands apart, as both languages have it.
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A duration as a person reads it: `0.4 s`, `3.2 s`, `48 s`, `2 min 5 s`.
pub fn duration(ms: u64) -> String {
    let words = words();
    match ms {
        0..10_000 => format!("{}.{} {}", ms / 1000, ms % 1000 / 100, words.seconds),
        10_000..60_000 => format!("{} {}", ms / 1000, words.seconds),
        _ => format!("{} {} {} {}", ms / 60_000, words.minutes, ms % 60_000 / 1000, words.seconds),
    }
}

/// How long to wait, in whole seconds: `5 s`, `2 min 5 s`.
pub fn wait(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} {}", words().seconds),
        _ => duration(seconds * 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_as_exact_as_a_person_wants_it() {
        let said: Vec<String> =
            [0, 49, 3_249, 9_999, 10_000, 59_999, 125_000].into_iter().map(duration).collect();
        assert_eq!(said, ["0.0 s", "0.0 s", "3.2 s", "9.9 s", "10 s", "59 s", "2 min 5 s"]);
    }

    #[test]
    fn a_wait_is_in_whole_seconds() {
        assert_eq!([5, 59, 125].map(wait), ["5 s", "59 s", "2 min 5 s"]);
    }

    #[test]
    fn thousands_stand_apart() {
        let said = [0, 999, 1_000, 12_345, 1_234_567].map(number);
        assert_eq!(said, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }
}
