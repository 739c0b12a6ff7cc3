//! The frames as the decoder met them.

use std::sync::Arc;

use leptos::either::Either;
use leptos::prelude::*;

use crate::app::state::lab::LabState;
use crate::app::state::lab::frames::{Entry, FrameLog, What};
use crate::app::state::lab::words::words;
use crate::app::state::words::{fill, number};

/// The last frames, oldest first. The list stays at its end while its end is in sight.
#[component]
pub fn FrameList(lab: LabState) -> impl IntoView {
    let words = words();
    let count = Memo::new(move |_| lab.frames.with(|frames| (frames.frames(), frames.dropped())));
    let head = move || match count.get().0 {
        0 => words.frames_more.to_owned(),
        frames => fill(words.frame_count, &number(frames as u64)),
    };
    let dropped = move || match count.get().1 {
        0 => None,
        dropped => Some(view! { <p class="lab-dropped">{fill(words.dropped, &number(dropped as u64))}</p> }),
    };
    let empty = move || {
        let nothing = lab.frames.with(FrameLog::is_empty);
        nothing.then(|| view! { <p class="lab-nothing">{words.no_frames}</p> })
    };
    view! {
        <section class="lab-panel" aria-label=words.frames>
            <h2>
                {words.frames}
                <small>{head}</small>
            </h2>
            <div class="lab-frames" data-testid="lab-frames" tabindex="0" role="group" aria-label=words.frames>
                <div>
                    {empty}
                    {dropped}
                    <ol>
                        <For
                            each=move || lab.frames.with(|frames| frames.entries())
                            key=|(number, _)| *number
                            children=|(_, entry)| row(&entry)
                        />
                    </ol>
                </div>
            </div>
        </section>
    }
}

fn row(entry: &Arc<Entry>) -> impl IntoView + use<> {
    let at = format!("{} ms", entry.at_ms);
    match &entry.what {
        What::Note(text) => Either::Left(view! {
            <li class="lab-note">
                <span class="lab-at">{at}</span>
                <span>{text.clone()}</span>
            </li>
        }),
        What::Frame { id, data, size } => {
            let id = (!id.is_empty()).then(|| format!("id {id}"));
            let left = size - data.len();
            let left = (left > 0).then(|| format!(" … {}", fill(words().more_bytes, &number(left as u64))));
            Either::Right(view! {
                <li data-testid="lab-frame">
                    <span class="lab-at">{at}</span>
                    <span class="lab-id">{id}</span>
                    <span class="lab-size">{format!("{size} B")}</span>
                    <code>{data.clone()}{left}</code>
                </li>
            })
        }
    }
}
