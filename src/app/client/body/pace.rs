//! How much is drawn in one frame: what is put into the page costs the browser several times what putting
//! it there costs us, and that is only seen afterwards.

/// So much is drawn before anything is looked at again, in bytes. Tests look at what was drawn at once.
pub(super) const SLICE: usize = if cfg!(test) { 4 << 10 } else { 1 << 10 };

/// How much the first frame holds: in it the program is compiled, and fonts and styles are looked up.
const FIRST: usize = 2 * SLICE;

/// What is drawn within so long of the first belongs to the same frame.
const SAME_MS: f64 = 16.0;

/// After so long the rest is left to the next one, whatever was drawn. Tests do not depend on the machine's speed.
const BUDGET_MS: f64 = if cfg!(test) { 1e6 } else { 8.0 };

/// More than this is never needed, as its parsing alone takes longer.
const MOST: usize = 1 << 20;

/// How long drawing and layout may take in a frame: longer than a screen's frame, since a reader who waits for a
/// long text rather has it sooner, and short enough that with the painting behind it a click is answered at once.
const FRAME_MS: f64 = 24.0;

/// How many bytes of text fit into a frame, as the last ones have shown, and how many are in this one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    fits: usize,
    began: f64,
    /// When the last go of it began.
    went: f64,
    drawn: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self { fits: FIRST, began: f64::NEG_INFINITY, went: 0.0, drawn: 0 }
    }
}

impl Pace {
    /// Something is to be drawn. A frame may be drawn in several goes, one behind the other.
    pub(super) fn begin(&mut self, now: f64) {
        self.went = now;
        if now - self.began > SAME_MS {
            (self.began, self.drawn) = (now, 0);
        }
    }

    pub(super) fn drew(&mut self, bytes: usize) {
        self.drawn += bytes;
    }

    /// Whether what more there is has to wait for the next frame.
    pub(super) fn is_full(&self) -> bool {
        self.drawn >= self.fits
    }

    /// Whether there is no time left in this one.
    pub(super) fn is_late(&self, now: f64) -> bool {
        now - self.went > BUDGET_MS
    }

    /// When the frame began.
    pub(super) fn began(&self) -> f64 {
        self.began
    }

    /// The frame that began then, and was full, is drawn and laid out.
    pub(super) fn over(&mut self, began: f64, now: f64) {
        let took = now - began;
        // What is of another kind can cost twice as much: it grows more slowly than it shrinks.
        let fits = if took > 1.5 * FRAME_MS {
            self.fits / 2
        } else if took > FRAME_MS {
            self.fits - self.fits / 4
        } else if took < FRAME_MS / 4.0 {
            self.fits * 2
        } else if took < FRAME_MS * 0.6 {
            self.fits + self.fits / 2
        } else {
            self.fits
        };
        self.fits = fits.clamp(SLICE, MOST);
        if self.began <= began {
            self.began = f64::NEG_INFINITY;
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{BUDGET_MS, FIRST, FRAME_MS, MOST, Pace, SLICE};

    /// Draws some frames in which each kilobyte takes so long, and says how much the last one held.
    fn draw(pace: &mut Pace, frames: usize, ms_per_kb: f64) -> usize {
        let mut drawn = 0;
        for _ in 0..frames {
            drawn = 0;
            pace.begin(0.0);
            while !pace.is_full() {
                pace.drew(SLICE);
                drawn += SLICE;
            }
            #[expect(clippy::cast_precision_loss, reason = "small")]
            pace.over(0.0, drawn as f64 / 1024.0 * ms_per_kb);
        }
        drawn
    }

    /// How much fits into a frame in the end, from very little.
    fn after(frames: usize, ms_per_kb: f64) -> usize {
        draw(&mut Pace::default(), frames, ms_per_kb)
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn as_much_is_drawn_as_fits_into_a_frame() {
        for kb in [8, 20, 100, 500] {
            let fits = after(60, FRAME_MS / f64::from(kb)) / 1024;
            assert!((kb as usize / 2..=kb as usize * 3 / 2).contains(&fits), "{fits} of {kb}");
        }
        assert_eq!(after(60, 1000.0), SLICE);
        // Also from very much.
        let mut pace = Pace::default();
        assert_eq!(draw(&mut pace, 60, 0.0), MOST);
        let fits = draw(&mut pace, 60, FRAME_MS / 20.0) / 1024;
        assert!((10..=30).contains(&fits), "{fits} of 20");
        assert_eq!(after(60, 0.0), MOST);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_drawn_in_several_goes_is_one_frame() {
        let mut pace = Pace::default();
        for go in 0..3 {
            pace.begin(f64::from(go));
            assert!(!pace.is_full() && !pace.is_late(f64::from(go)));
            pace.drew(FIRST / 3 + 1);
        }
        assert!(pace.is_full());
        pace.over(0.0, 10.0);
        pace.begin(11.0);
        assert!(!pace.is_full() && pace.is_late(12.0 + BUDGET_MS));
    }
}
