//! Markdown as nodes of the page, drawn as the text grows. The bulk of the Markdown in the browser,
//! and with [`super::markdown`] the border of the part that holds it: nothing here is named elsewhere.
//!
//! Text is parsed in slices, for as long as there is time in a frame; what is left goes on in the next
//! one. So catching up with a text that the server has drawn holds up nobody either: what comes
//! meanwhile waits behind it.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::Element;

use super::adopted::Unfinished;
use super::keep::Keep;
use super::labels::labels;
use super::pace::{Pace, SLICE};
use super::spine::Spine;
use super::taken::Taken;
use super::view::View;
use super::{Draw, adopted, document, group};
use crate::app::client::clock::{laid_out, next_frame, now};
use crate::markdown::{Change, Growing};

/// An element, and the text that is drawn in it.
#[derive(Debug)]
pub(super) struct Drawn(Rc<RefCell<Work>>);

impl Drawn {
    /// Takes over an element that shows `text`, as the server wrote it, with more to come; an empty one
    /// shows nothing. Without a text, what the element shows is taken away by the first text that comes.
    pub(super) fn adopt(element: Element, text: Option<String>) -> Self {
        let work = Rc::new(RefCell::new(Work::adopt(element, text)));
        go_on(&work);
        Self(work)
    }
}

impl Draw for Drawn {
    fn show(&mut self, text: &str, done: bool) -> bool {
        self.0.borrow_mut().take(text, done);
        go_on(&self.0);
        !self.0.borrow().ordered
    }
}

/// Draws, for as long as there is room in this frame.
fn go_on(work: &Rc<RefCell<Work>>) {
    let mut this = work.borrow_mut();
    if this.ordered {
        return;
    }
    if this.draw() {
        this.ordered = true;
        watch(work, &this);
        let work = Rc::downgrade(work);
        next_frame(move || {
            if let Some(work) = work.upgrade() {
                work.borrow_mut().ordered = false;
                go_on(&work);
            }
        });
    }
}

/// Tells the pace how long drawing and layout took.
fn watch(work: &Rc<RefCell<Work>>, this: &Work) {
    let began = this.pace.began();
    let work = Rc::downgrade(work);
    laid_out(&this.element, move || {
        if let Some(work) = work.upgrade() {
            work.borrow_mut().pace.over(began, now());
        }
    });
}

/// Where the changes go.
#[derive(Debug)]
enum Stage {
    /// They stand in the page already, up to this many bytes of what is pending. Then its leaves are found.
    Adopting(Spine, usize),
    /// Into the body.
    Showing(View),
    /// Into an element that takes the place of the body's children when it shows as much as they did.
    Replacing(View),
    /// Nothing more comes; the body is made to show what is drawn elsewhere.
    Keeping(Keep),
    /// It shows all.
    Finished,
}

#[derive(Debug)]
struct Work {
    element: Element,
    stage: Stage,
    growing: Growing,
    taken: Taken,
    /// What nobody had finished of what stood there when the text became another one.
    unfinished: Unfinished,
    /// Text, of which that from `next` on is not parsed yet.
    pending: String,
    next: usize,
    done: bool,
    /// The parser knows that.
    closed: bool,
    /// A frame is on order.
    ordered: bool,
    pace: Pace,
}

impl Work {
    fn adopt(element: Element, text: Option<String>) -> Self {
        let stage = match &text {
            None => Stage::Finished,
            Some(text) if text.is_empty() => {
                element.set_text_content(None);
                Stage::Showing(View::new(element.clone()))
            }
            Some(text) => Stage::Adopting(Spine::default(), text.len()),
        };
        let pending = text.unwrap_or_default();
        let (growing, taken, pace) = (Growing::with(labels()), Taken::all(&pending), Pace::default());
        let (done, closed, ordered) = (false, false, false);
        let unfinished = Unfinished::default();
        Self { element, stage, growing, taken, unfinished, pending, next: 0, done, closed, ordered, pace }
    }

    fn take(&mut self, text: &str, done: bool) {
        self.done = done;
        match (self.taken.more(text), &self.stage) {
            (Some(""), _) => {}
            (Some(_), _) if self.closed => self.start_over(text),
            (None, _) | (Some(_), Stage::Finished) => self.start_over(text),
            (Some(more), _) => self.pending.push_str(more),
        }
    }

    /// The text has become another one.
    fn start_over(&mut self, text: &str) {
        match &self.stage {
            Stage::Showing(view) => self.unfinished = view.unfinished(),
            Stage::Adopting(..) => self.unfinished = Unfinished::all_of(&self.element),
            Stage::Finished => self.unfinished = Unfinished::default(),
            // It still stands there.
            Stage::Replacing(_) | Stage::Keeping(_) => {}
        }
        if let Ok(place) = document().create_element("div") {
            self.stage = Stage::Replacing(View::new(place));
        }
        self.begin_again();
        self.pending = text.to_owned();
    }

    fn begin_again(&mut self) {
        self.growing = Growing::with(labels());
        self.closed = false;
        self.next = 0;
    }

    /// Draws what is pending, until the frame is full. Says whether it is.
    fn draw(&mut self) -> bool {
        self.pace.begin(now());
        let mut has_drawn = false;
        while self.step() {
            has_drawn = true;
            if self.is_behind() && (self.pace.is_full() || self.pace.is_late(now())) {
                return true;
            }
        }
        self.pending.clear();
        self.next = 0;
        has_drawn && self.pace.is_full()
    }

    /// Up to where the text can be drawn that is pending: what stands in the page is taken over first.
    fn until(&self) -> usize {
        match &self.stage {
            Stage::Adopting(_, adopted) => *adopted,
            _ => self.pending.len(),
        }
    }

    /// Whether more is to be done.
    fn is_behind(&self) -> bool {
        let stage = match self.stage {
            Stage::Adopting(..) | Stage::Replacing(_) | Stage::Keeping(_) => true,
            Stage::Showing(_) => self.done,
            Stage::Finished => false,
        };
        stage || self.next < self.pending.len() || self.growing.is_behind()
    }

    /// Does a little of it: text first, then what the definitions in it change. False if there is nothing.
    fn step(&mut self) -> bool {
        let (from, until) = (self.next, self.until());
        if from < until {
            self.draw_slice(until);
            self.pace.drew(self.next - from);
        } else if let Some(bytes) = self.growing.catch_up(&mut |change| self.stage.apply(change)) {
            self.pace.drew(bytes);
        } else {
            return self.turn();
        }
        true
    }

    /// The parser has nothing to do.
    fn turn(&mut self) -> bool {
        match &mut self.stage {
            Stage::Adopting(spine, _) => {
                if !spine.find_next(&self.element) {
                    self.adopted();
                }
            }
            Stage::Showing(_) | Stage::Replacing(_) if self.done && !self.closed => self.close(),
            Stage::Showing(_) if self.done => self.end(),
            Stage::Replacing(view) => {
                if self.done && group::has_blocks(&self.element) {
                    // Nobody needs the view any more, so what stands there already can stay.
                    self.stage =
                        Stage::Keeping(Keep::new(&self.element, view.body(), self.unfinished.clone()));
                } else {
                    view.move_into(&self.element);
                    self.shown();
                }
            }
            Stage::Keeping(keep) => {
                if !keep.step() {
                    self.end();
                }
            }
            Stage::Showing(_) | Stage::Finished => return false,
        }
        true
    }

    fn draw_slice(&mut self, until: usize) {
        let end = self.pending.ceil_char_boundary(until.min(self.next + SLICE));
        let stage = &mut self.stage;
        self.growing.advance(&self.pending[self.next..end], &mut |change| stage.apply(change));
        if end == until && matches!(stage, Stage::Adopting(..)) {
            // As the server did, who had all of it.
            self.growing.show_end(&mut |change| stage.apply(change));
        }
        self.next = end;
        stage.settle();
    }

    /// Tells the parser that nothing more comes.
    fn close(&mut self) {
        self.closed = true;
        let stage = &mut self.stage;
        self.growing.close(&mut |change| stage.apply(change));
        stage.settle();
    }

    /// The parser has caught up with what the server has drawn.
    fn adopted(&mut self) {
        let Stage::Adopting(spine, _) = std::mem::replace(&mut self.stage, Stage::Finished) else { return };
        if let Some(view) = View::adopt(&self.element, spine) {
            adopted::finish_but(&self.element, view.unfinished());
            self.stage = Stage::Showing(view);
        } else {
            self.element.set_text_content(None);
            self.stage = Stage::Showing(View::new(self.element.clone()));
            self.begin_again();
        }
    }

    /// What was drawn elsewhere is in the body.
    fn shown(&mut self) {
        if let Stage::Replacing(view) = std::mem::replace(&mut self.stage, Stage::Finished) {
            self.stage = Stage::Showing(view);
        }
    }

    /// All is shown.
    fn end(&mut self) {
        self.stage = Stage::Finished;
        self.begin_again();
        self.pending = String::new();
    }
}

impl Stage {
    fn apply(&mut self, change: Change) {
        match self {
            Self::Adopting(spine, _) => spine.apply(change),
            Self::Showing(view) | Self::Replacing(view) => view.apply(change),
            Self::Keeping(_) | Self::Finished => {}
        }
    }

    fn settle(&mut self) {
        match self {
            Self::Showing(view) | Self::Replacing(view) => view.settle(),
            Self::Adopting(..) | Self::Keeping(_) | Self::Finished => {}
        }
    }
}
