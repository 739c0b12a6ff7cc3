//! What every store must do: one suite of tests, run for each of them by [`store_contract`].
//!
//! - `starts`: where a message and its answer are placed
//! - `contents`: what an answer says, piece by piece and to its end
//! - `conversations`: their list, their branches, and what was deleted
//! - `owners`: whose things they are

mod contents;
mod conversations;
mod owners;
mod starts;

use std::sync::Arc;

use super::{Ending, NewAnswer, OwnerId, Piece, Placed, Store, TokenHash};
use crate::wire::{
    Answer, AnswerId, ConversationId, EndReason, Image, MessageId, MessagePart, Offset, Outcome, Part,
    SnapshotPart, StartRequest, Terminal, Timing, UserMessage,
};

/// Makes a test of every function of these files, for a store that `$make` opens anew.
macro_rules! store_contract {
    ($make:expr; $($case:ident)*) => {
        $(
            #[tokio::test]
            async fn $case() {
                let (store, _kept) = $make.await;
                crate::server::store::contract::$case(&store).await;
            }
        )*
    };
    ($make:expr) => {
        crate::server::store::contract::store_contract!($make;
            a_message_without_a_parent_continues_the_newest_leaf
            a_null_parent_is_a_new_beginning
            without_a_message_the_parent_is_answered_again_or_continued
            a_start_that_is_refused_leaves_nothing_behind
            a_stranger_finds_nothing_and_takes_nothing
            an_equal_start_is_found_again
            pieces_join_to_what_was_written
            a_piece_takes_the_place_of_what_was_saved_behind_it
            an_end_cuts_what_was_saved_beyond_it
            nothing_follows_an_end
            a_read_from_any_offset_is_the_rest
            what_was_left_running_is_interrupted_once
            conversations_are_listed_by_their_last_touch
            a_deleted_conversation_is_gone_until_it_is_restored
            a_branch_goes_down_to_the_newest_leaf_and_knows_its_siblings
            a_token_stands_for_its_owner_until_it_is_ended
            a_name_is_one_persons
            what_an_anonymous_owner_had_becomes_a_persons
            idle_owners_are_forgotten_and_nobody_else
            an_image_is_its_owners_and_goes_with_the_last_of_them
        );
    };
}
pub(crate) use contents::*;
pub(crate) use conversations::*;
pub(crate) use owners::*;
pub(crate) use starts::*;
pub(crate) use store_contract;

fn token(n: u8) -> TokenHash {
    TokenHash([n; 32])
}

async fn owner(store: &dyn Store, n: u8) -> OwnerId {
    store.add_anonymous(token(n)).await.unwrap()
}

fn answer(n: u8) -> AnswerId {
    AnswerId::from_bytes([n; 16])
}

fn conversation(n: u8) -> ConversationId {
    ConversationId::from_bytes([n; 16])
}

fn says(text: &str) -> StartRequest {
    let parts = vec![MessagePart::Text(text.to_owned())];
    StartRequest { message: Some(UserMessage { id: None, parts }), ..StartRequest::default() }
}

fn new(owner: OwnerId, id: AnswerId, request: StartRequest) -> NewAnswer {
    let (provider, model) = ("demo".to_owned(), "echo/2".to_owned());
    NewAnswer { owner, id, request: Arc::new(request), provider, model }
}

/// A place that must be new: conversation, parent, and how many turns the branch has.
async fn place(store: &dyn Store, start: NewAnswer) -> (ConversationId, MessageId, usize) {
    match store.place(start).await.unwrap() {
        Placed::New { conversation, parent, branch } => (conversation, parent, branch.len()),
        Placed::Repeated(record) => panic!("{record:?}"),
    }
}

fn text(r: &str) -> Part {
    Part::Text(r.to_owned())
}

fn think(r: &str) -> Part {
    Part::Think(r.to_owned())
}

fn image() -> Part {
    Part::Image(Image { url: "/api/files/x".to_owned(), w: 3, h: 2, alt: "a \"lock\"".to_owned() })
}

fn answer_of(parts: &[Part]) -> Answer {
    Answer::from_parts(parts.iter().cloned().map(SnapshotPart))
}

fn ending(id: AnswerId, from: u64, parts: Vec<Part>, whole: &[Part]) -> Ending {
    let outcome = Outcome::End { reason: EndReason::Stop, usage: None };
    let timing = Timing { first_ms: Some(1), think_ms: None, total_ms: 3 };
    let terminal = answer_of(whole).end(outcome, timing).clone();
    Ending { rest: Piece { answer: id, from: Offset(from), parts }, terminal }
}

/// Ends an answer that says nothing.
async fn end(store: &dyn Store, id: AnswerId) {
    store.finish(ending(id, 0, Vec::new(), &[])).await.unwrap();
}

async fn content(store: &dyn Store, id: AnswerId) -> Vec<Part> {
    store.read(id, Offset::ZERO, usize::MAX).await.unwrap().parts
}

async fn terminal(store: &dyn Store, owner: OwnerId, id: AnswerId) -> Option<Terminal> {
    store.answer(owner, id).await.unwrap().unwrap().terminal
}
