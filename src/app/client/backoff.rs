//! How long to wait before trying again. Pure.

/// The longest wait between two attempts, before jitter, in milliseconds.
const CAP_MS: f64 = 10_000.0;

/// When a start that got no response is asked for, in milliseconds after it failed. After the last of
/// these a 404 means that it never arrived.
pub const ASK_AFTER_MS: [f64; 4] = [0.0, 1_000.0, 3_000.0, 7_000.0];

/// Attempts without success so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff(u32);

impl Backoff {
    /// The wait before the next attempt, in milliseconds: none before the first, then half a second,
    /// doubling up to 10 s. `random` from 0 to 1 spreads it by a quarter to both sides, so that the
    /// readers of a server that comes back do not come all at once.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 12,500")]
    pub fn next(&mut self, random: f64) -> u32 {
        let step = self.0;
        self.0 += 1;
        match step {
            0 => 0,
            _ => {
                let wait = (500.0 * f64::from(1_u32 << (step - 1).min(6))).min(CAP_MS);
                (wait * (0.75 + random / 2.0)) as u32
            }
        }
    }

    /// Something succeeded.
    pub fn reset(&mut self) {
        self.0 = 0;
    }

    /// Whether the attempt that failed last was more than the first.
    pub fn is_struggling(self) -> bool {
        self.0 > 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_attempt_is_at_once_and_the_rest_grow_to_ten_seconds() {
        let mut backoff = Backoff::default();
        let waits: Vec<u32> = (0..8).map(|_| backoff.next(0.5)).collect();
        assert_eq!(waits, [0, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    }

    #[test]
    fn jitter_stays_within_a_quarter() {
        let mut low = Backoff(9);
        let mut high = Backoff(9);
        assert_eq!((low.next(0.0), high.next(1.0)), (7_500, 12_500));
    }

    #[test]
    fn a_very_long_outage_does_not_overflow() {
        assert_eq!(Backoff(u32::MAX - 1).next(0.5), 10_000);
    }

    #[test]
    fn success_starts_over() {
        let mut backoff = Backoff(5);
        assert!(backoff.is_struggling());
        backoff.reset();
        assert_eq!(backoff.next(0.5), 0);
        assert!(!backoff.is_struggling());
    }
}
