//! What is known about an answer, in figures. Pure.

use super::words::number;

/// What went wrong on the way, as far as this page saw it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Trouble {
    /// How often the connection broke and was made again.
    pub breaks: u32,
    /// How often nothing came for some seconds, after the beginning.
    pub stalls: u32,
    /// When content came last, in milliseconds since the connection's request.
    heard_ms: f64,
}

/// A pause of this many milliseconds is noticed.
const STALL_MS: f64 = 5_000.0;

impl Trouble {
    /// Content came, so long after the request of its connection. The first content of all may take
    /// its time, and a connection that was made anew begins anew.
    pub fn heard(&mut self, at_ms: f64, is_first: bool) {
        if !is_first && at_ms - self.heard_ms > STALL_MS {
            self.stalls += 1;
        }
        self.heard_ms = at_ms;
    }

    /// A connection is open: what was missed is no stall.
    pub fn opened(&mut self) {
        self.heard_ms = f64::INFINITY;
    }

    /// Whether this page has followed the answer, and did not find it as it is.
    pub fn was_followed(&self) -> bool {
        self.heard_ms > 0.0
    }
}

/// How many per second, of what came in the time between the first content and the end. None where that
/// is too short to say.
#[expect(clippy::cast_precision_loss, reason = "milliseconds and tokens of one answer")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded and positive")]
pub fn per_second(count: u64, first_ms: Option<u64>, total_ms: u64) -> Option<String> {
    let ms = total_ms.saturating_sub(first_ms.unwrap_or(0));
    if count == 0 || ms < 10 {
        return None;
    }
    let rate = count as f64 * 1000.0 / ms as f64;
    Some(if rate < 10.0 { format!("{rate:.1}") } else { number(rate.round() as u64) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speed_counts_from_the_first_content_on() {
        assert_eq!(per_second(100, Some(1_000), 3_000).as_deref(), Some("50"));
        assert_eq!(per_second(7, None, 2_000).as_deref(), Some("3.5"));
        assert_eq!(per_second(24_242, None, 10_000).as_deref(), Some("2,424"));
        assert_eq!(per_second(0, None, 2_000), None);
        assert_eq!(per_second(5, Some(2_000), 2_003), None, "too short");
        assert_eq!(per_second(5, Some(3_000), 2_000), None, "clocks disagree");
    }

    #[test]
    fn a_stall_is_a_pause_within_one_connection() {
        let mut trouble = Trouble::default();
        trouble.heard(9_000.0, true);
        assert_eq!(trouble.stalls, 0, "the first content takes its time");
        trouble.heard(13_900.0, false);
        assert_eq!(trouble.stalls, 0);
        trouble.heard(19_000.0, false);
        assert_eq!(trouble.stalls, 1);
        trouble.opened();
        trouble.heard(10.0, false);
        trouble.heard(400.0, false);
        assert_eq!(trouble.stalls, 1, "another connection");
    }
}
