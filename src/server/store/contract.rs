//! What every store must do: one suite of tests, run for each of them by [`store_contract`].

use std::sync::Arc;

use super::{
    Content, Ending, ListedBefore, NewAnswer, OwnerId, Picture, Piece, PlaceError, Placed, SessionKind,
    Store, TokenHash, Words,
};
use crate::wire::{
    Answer, AnswerId, ConversationId, EndReason, ErrorKind, Image, MessageId, MessagePart, Offset, Outcome,
    Part, SnapshotPart, StartRequest, Terminal, Timing, UserMessage,
};

/// Makes a test of every function of this file, for a store that `$make` opens anew.
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

pub(crate) async fn a_message_without_a_parent_continues_the_newest_leaf(store: &dyn Store) {
    let me = owner(store, 1).await;
    let (first, ..) = place(store, new(me, answer(1), says("one"))).await;
    let next = StartRequest { conversation: Some(first), ..says("two") };
    let refused = store.place(new(me, answer(2), next.clone())).await.unwrap_err();
    assert!(matches!(refused, PlaceError::ParentRunning), "{refused}");
    store
        .finish(ending(answer(1), 0, vec![think("hm"), text("1")], &[think("hm"), text("1")]))
        .await
        .unwrap();
    let Placed::New { conversation, branch, .. } = store.place(new(me, answer(2), next)).await.unwrap()
    else {
        panic!("it is new");
    };
    assert_eq!(conversation, first);
    let words: Vec<_> = branch.into_iter().map(|turn| turn.words).collect();
    let user = |text: &str| Words::User(vec![MessagePart::Text(text.to_owned())]);
    assert_eq!(words, [user("one"), Words::Answer("1".to_owned()), user("two")], "without thinking");
}

pub(crate) async fn a_null_parent_is_a_new_beginning(store: &dyn Store) {
    let me = owner(store, 1).await;
    let (first, ..) = place(store, new(me, answer(1), says("one"))).await;
    end(store, answer(1)).await;
    let again = StartRequest { conversation: Some(first), parent: Some(None), ..says("again") };
    assert_eq!(place(store, new(me, answer(2), again)).await.2, 1);
}

pub(crate) async fn without_a_message_the_parent_is_answered_again_or_continued(store: &dyn Store) {
    let me = owner(store, 1).await;
    let (_, said, _) = place(store, new(me, answer(1), says("one"))).await;
    end(store, answer(1)).await;
    let below = |parent| StartRequest { parent: Some(Some(parent)), ..StartRequest::default() };
    assert_eq!(place(store, new(me, answer(2), below(said))).await.2, 1);
    assert_eq!(place(store, new(me, answer(3), below(answer(1).into()))).await.2, 2);
    let nothing = store.place(new(me, answer(4), StartRequest::default())).await.unwrap_err();
    assert!(matches!(nothing, PlaceError::NothingToAnswer), "{nothing}");
}

pub(crate) async fn a_start_that_is_refused_leaves_nothing_behind(store: &dyn Store) {
    let me = owner(store, 1).await;
    let (first, said, _) = place(store, new(me, answer(1), says("one"))).await;
    end(store, answer(1)).await;
    let below = |parent| StartRequest { parent: Some(Some(parent)), ..says("x") };
    let elsewhere = StartRequest { conversation: Some(conversation(9)), ..below(answer(1).into()) };
    let mut taken = says("x");
    taken.message.as_mut().unwrap().id = Some(said);
    type IsRight = fn(&PlaceError) -> bool;
    let cases: [(_, IsRight); 5] = [
        (below(answer(9).into()), |e| matches!(e, PlaceError::UnknownParent)),
        (below(said), |e| matches!(e, PlaceError::ParentIsUser)),
        (elsewhere, |e| matches!(e, PlaceError::OtherConversation)),
        (taken, |e| matches!(e, PlaceError::IdTaken)),
        (StartRequest { conversation: Some(conversation(8)), ..StartRequest::default() }, |e| {
            matches!(e, PlaceError::NothingToAnswer)
        }),
    ];
    for (request, is_right) in cases {
        let error = store.place(new(me, answer(5), request.clone())).await.unwrap_err();
        assert!(is_right(&error), "{request:?}: {error}");
        assert!(store.answer(me, answer(5)).await.unwrap().is_none());
    }
    assert_eq!(store.branch(me, first, None).await.unwrap().unwrap().messages.len(), 2);
    assert_eq!(store.list(me, None, 10).await.unwrap().conversations.len(), 1);
}

pub(crate) async fn a_stranger_finds_nothing_and_takes_nothing(store: &dyn Store) {
    let (me, stranger) = (owner(store, 1).await, owner(store, 2).await);
    let (mine, said, _) = place(store, new(me, answer(1), says("mine"))).await;
    end(store, answer(1)).await;
    assert!(store.answer(stranger, answer(1)).await.unwrap().is_none());
    assert!(store.branch(stranger, mine, None).await.unwrap().is_none());
    assert!(!store.rename(stranger, mine, "x").await.unwrap());
    assert!(!store.delete(stranger, mine).await.unwrap());
    assert!(store.list(stranger, None, 10).await.unwrap().conversations.is_empty());
    let mut with_my_message = says("x");
    with_my_message.message.as_mut().unwrap().id = Some(said);
    let cases = [
        (answer(1), says("mine")),
        (answer(2), StartRequest { conversation: Some(mine), ..says("x") }),
        (answer(2), StartRequest { parent: Some(Some(answer(1).into())), ..says("x") }),
        (answer(2), StartRequest { parent: Some(Some(said)), ..StartRequest::default() }),
        (answer(2), with_my_message),
        (AnswerId::from(said), says("x")),
    ];
    for (id, request) in cases {
        let error = store.place(new(stranger, id, request.clone())).await.unwrap_err();
        let unknown = matches!(
            error,
            PlaceError::Foreign | PlaceError::UnknownParent | PlaceError::UnknownConversation
        );
        assert!(unknown, "{request:?}: {error}");
    }
    assert_eq!(store.branch(me, mine, None).await.unwrap().unwrap().messages.len(), 2);
}

pub(crate) async fn an_equal_start_is_found_again(store: &dyn Store) {
    let me = owner(store, 1).await;
    place(store, new(me, answer(1), says("one"))).await;
    let again = store.place(new(me, answer(1), says("one"))).await.unwrap();
    let Placed::Repeated(record) = again else { panic!("{again:?}") };
    assert_eq!((record.id, record.terminal, record.model.as_str()), (answer(1), None, "demo/echo/2"));
    let other = store.place(new(me, answer(1), says("two"))).await.unwrap_err();
    assert!(matches!(other, PlaceError::IdTaken), "{other}");
}

pub(crate) async fn pieces_join_to_what_was_written(store: &dyn Store) {
    let me = owner(store, 1).await;
    let whole = [image(), think("a€"), text(&"long ".repeat(40_000)), think("x"), text("end")];
    let all = answer_of(&whole);
    place(store, new(me, answer(1), says("one"))).await;
    let mut at = Offset::ZERO;
    for to in [13, 14, 17, 20, 100_000, 200_018] {
        let mut cut = all.clone();
        cut.cut(Offset(to));
        store.append(vec![Piece { answer: answer(1), from: at, parts: cut.parts_after(at) }]).await.unwrap();
        at = cut.offset();
        assert_eq!(content(store, answer(1)).await, cut.parts(), "up to {at}");
    }
    store.finish(ending(answer(1), at.0, all.parts_after(at), &whole)).await.unwrap();
    assert_eq!(content(store, answer(1)).await, whole);
    assert_eq!(terminal(store, me, answer(1)).await.unwrap().check, all.check());
}

pub(crate) async fn a_piece_takes_the_place_of_what_was_saved_behind_it(store: &dyn Store) {
    let me = owner(store, 1).await;
    place(store, new(me, answer(1), says("one"))).await;
    let piece = |from, r: &str| Piece { answer: answer(1), from: Offset(from), parts: vec![text(r)] };
    store.append(vec![piece(0, "abc")]).await.unwrap();
    store.append(vec![piece(3, "def")]).await.unwrap();
    // Its success was not heard of, so it is sent again, with what has come since.
    store.append(vec![piece(3, "defghi")]).await.unwrap();
    assert_eq!(content(store, answer(1)).await, [text("abcdefghi")]);
}

pub(crate) async fn an_end_cuts_what_was_saved_beyond_it(store: &dyn Store) {
    let me = owner(store, 1).await;
    let saved = vec![think("12"), text("34€"), image()];
    for (n, length) in (1..).zip([0, 1, 2, 3, 4, 7, 20]) {
        place(store, new(me, answer(n), says("one"))).await;
        store.append(vec![Piece { answer: answer(n), from: Offset(0), parts: saved.clone() }]).await.unwrap();
        let mut kept = answer_of(&saved);
        kept.cut(Offset(length));
        store.finish(ending(answer(n), 20, Vec::new(), kept.parts())).await.unwrap();
        assert_eq!(content(store, answer(n)).await, kept.parts(), "cut to {length}");
        let behind = store.read(answer(n), kept.offset(), 9).await.unwrap();
        assert!(behind.parts.is_empty(), "nothing stands behind the end, nor the image before it again");
        assert_eq!(terminal(store, me, answer(n)).await.unwrap().length, kept.offset());
    }
}

pub(crate) async fn nothing_follows_an_end(store: &dyn Store) {
    let me = owner(store, 1).await;
    place(store, new(me, answer(1), says("one"))).await;
    store.finish(ending(answer(1), 0, vec![text("abc")], &[text("abc")])).await.unwrap();
    // A save that the end has overtaken.
    store
        .append(vec![Piece { answer: answer(1), from: Offset(2), parts: vec![text("cdef")] }])
        .await
        .unwrap();
    assert_eq!(content(store, answer(1)).await, [text("abc")]);
}

pub(crate) async fn a_read_from_any_offset_is_the_rest(store: &dyn Store) {
    let me = owner(store, 1).await;
    let whole = [think("a€b"), image(), text("cdé")];
    let all = answer_of(&whole);
    place(store, new(me, answer(1), says("one"))).await;
    store
        .append(vec![Piece { answer: answer(1), from: Offset(0), parts: whole[..2].to_vec() }])
        .await
        .unwrap();
    let from = answer_of(&whole[..2]).offset();
    store.finish(ending(answer(1), from.0, vec![text("cdé")], &whole)).await.unwrap();
    for after in 0..=all.offset().0 + 3 {
        let border = all.border(Offset(after));
        for max in [1, 2, 5, 100] {
            let slice = store.read(answer(1), Offset(after), max).await.unwrap();
            let rest = all.parts_after(border);
            let joined = answer_of(&slice.parts).offset();
            if rest.is_empty() {
                assert!(slice.parts.is_empty(), "after {after}");
            } else {
                assert_eq!(slice.from, border, "after {after}");
                assert!(joined.0 >= 1, "after {after}: something, when there is something");
                let mut expected = answer_of(&rest);
                expected.cut(joined);
                assert_eq!(slice.parts, expected.parts(), "after {after}, at most {max}");
            }
        }
    }
}

pub(crate) async fn what_was_left_running_is_interrupted_once(store: &dyn Store) {
    let me = owner(store, 1).await;
    for n in [1, 2, 3] {
        place(store, new(me, answer(n), says("one"))).await;
    }
    let saved = [think("hm"), text("so far")];
    store.append(vec![Piece { answer: answer(1), from: Offset(0), parts: saved.to_vec() }]).await.unwrap();
    store.finish(ending(answer(3), 0, vec![text("whole")], &[text("whole")])).await.unwrap();
    assert_eq!(store.recover().await.unwrap(), 2);
    assert_eq!(store.recover().await.unwrap(), 0, "exactly once");
    for (n, parts) in [(1, &saved[..]), (2, &[])] {
        let terminal = terminal(store, me, answer(n)).await.unwrap();
        let interrupted = matches!(terminal.outcome, Outcome::Error { kind: ErrorKind::Interrupted, .. });
        assert!(interrupted, "{terminal:?}");
        let answer_saved = answer_of(parts);
        assert_eq!((terminal.length, terminal.check), (answer_saved.offset(), answer_saved.check()));
        assert_eq!(content(store, answer(n)).await, parts);
    }
    assert!(matches!(terminal(store, me, answer(3)).await.unwrap().outcome, Outcome::End { .. }));
}

pub(crate) async fn conversations_are_listed_by_their_last_touch(store: &dyn Store) {
    let me = owner(store, 1).await;
    for n in 1..=5 {
        let start = StartRequest { conversation: Some(conversation(n)), ..says(&format!("number {n}")) };
        place(store, new(me, answer(n), start)).await;
        end(store, answer(n)).await;
    }
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = store.list(me, before, 2).await.unwrap();
        seen.extend(page.conversations.iter().map(|listed| listed.title.clone()));
        before =
            page.conversations.last().map(|last| ListedBefore { touched_ms: last.touched_ms, id: last.id });
        if !page.more {
            break;
        }
    }
    // Several in one millisecond are in the order of their ids, which is the same here.
    assert_eq!(seen, ["number 5", "number 4", "number 3", "number 2", "number 1"]);
    assert!(store.rename(me, conversation(3), "three").await.unwrap());
    let titles: Vec<_> = store.list(me, None, 9).await.unwrap().conversations;
    assert!(titles.iter().any(|listed| listed.title == "three" && listed.id == conversation(3)));
}

pub(crate) async fn a_deleted_conversation_is_gone_until_it_is_restored(store: &dyn Store) {
    let me = owner(store, 1).await;
    let (id, ..) = place(store, new(me, answer(1), says("one"))).await;
    end(store, answer(1)).await;
    assert!(store.delete(me, id).await.unwrap());
    assert!(!store.delete(me, id).await.unwrap(), "it is not there to be deleted");
    assert!(store.list(me, None, 9).await.unwrap().conversations.is_empty());
    assert!(store.branch(me, id, None).await.unwrap().is_none());
    assert!(store.answer(me, answer(1)).await.unwrap().is_none());
    let into = StartRequest { conversation: Some(id), ..says("more") };
    assert!(store.place(new(me, answer(2), into)).await.is_err());
    assert!(store.restore(me, id).await.unwrap());
    assert!(store.answer(me, answer(1)).await.unwrap().is_some());
    assert!(store.delete(me, id).await.unwrap());
    assert_eq!(store.purge(60_000).await.unwrap(), 0, "it was deleted only now");
    assert_eq!(store.purge(0).await.unwrap(), 1);
    assert!(!store.restore(me, id).await.unwrap());
}

pub(crate) async fn a_branch_goes_down_to_the_newest_leaf_and_knows_its_siblings(store: &dyn Store) {
    let me = owner(store, 1).await;
    let (id, said, _) = place(store, new(me, answer(1), says("one"))).await;
    store.finish(ending(answer(1), 0, vec![text("first")], &[text("first")])).await.unwrap();
    let below = |parent| StartRequest { parent: Some(Some(parent)), ..StartRequest::default() };
    place(store, new(me, answer(2), below(said))).await;
    end(store, answer(2)).await;
    place(
        store,
        new(me, answer(3), StartRequest { message: says("two").message, ..below(answer(1).into()) }),
    )
    .await;
    let path = |at| async move {
        let branch = store.branch(me, id, at).await.unwrap().unwrap();
        branch.messages.iter().map(|message| message.id).collect::<Vec<_>>()
    };
    assert_eq!(path(None).await.last(), Some(&answer(3).into()), "the newest of all");
    assert_eq!(path(Some(answer(2).into())).await, [said, answer(2).into()]);
    assert_eq!(path(Some(answer(1).into())).await.len(), 4, "down from the middle");
    assert_eq!(path(Some(said)).await, path(None).await);
    let branch = store.branch(me, id, Some(answer(2).into())).await.unwrap().unwrap();
    assert_eq!((branch.title.as_str(), branch.messages.len()), ("one", 2));
    assert_eq!(branch.messages[1].siblings, [answer(1).into(), answer(2).into()]);
    assert_eq!((branch.messages[1].parent, branch.messages[0].parent), (Some(said), None));
    let branch = store.branch(me, id, Some(answer(1).into())).await.unwrap().unwrap();
    let Content::Answer { model, parts, terminal } = &branch.messages[1].content else { panic!() };
    assert_eq!((model.as_str(), parts.as_slice()), ("demo/echo/2", &[text("first")][..]));
    assert!(terminal.is_some());
    assert!(matches!(&branch.messages[3].content, Content::Answer { terminal: None, .. }), "it runs");
    assert!(store.branch(me, id, Some(answer(9).into())).await.unwrap().is_none());
}

pub(crate) async fn a_token_stands_for_its_owner_until_it_is_ended(store: &dyn Store) {
    let me = owner(store, 1).await;
    let session = store.session(token(1)).await.unwrap().unwrap();
    assert_eq!((session.owner, session.name, session.kind), (me, None, SessionKind::Browser));
    assert!(store.session(token(2)).await.unwrap().is_none());
    store.add_session(me, token(2), SessionKind::Program).await.unwrap();
    assert_eq!(store.session(token(2)).await.unwrap().unwrap().kind, SessionKind::Program);
    store.end_session(token(2)).await.unwrap();
    assert!(store.session(token(2)).await.unwrap().is_none());
    assert_eq!(store.end_sessions(me, SessionKind::Browser).await.unwrap(), 1);
    assert!(store.session(token(1)).await.unwrap().is_none());
}

pub(crate) async fn a_name_is_one_persons(store: &dyn Store) {
    let ada = store.add_person("ada", "hash").await.unwrap().unwrap();
    assert_eq!(store.add_person("ada", "other").await.unwrap(), None);
    store.add_person("Bob", "hash").await.unwrap().unwrap();
    assert_eq!(store.people().await.unwrap(), ["Bob", "ada"]);
    let person = store.person("ada").await.unwrap().unwrap();
    assert_eq!((person.id, person.password.as_str()), (ada, "hash"));
    assert!(store.set_password("ada", "new").await.unwrap());
    assert_eq!(store.person("ada").await.unwrap().unwrap().password, "new");
    assert!(!store.set_password("eve", "new").await.unwrap());
    place(store, new(ada, answer(1), says("mine"))).await;
    assert!(store.remove_person("ada").await.unwrap());
    assert!(!store.remove_person("ada").await.unwrap());
    assert!(store.answer(ada, answer(1)).await.unwrap().is_none(), "with all that was theirs");
}

pub(crate) async fn what_an_anonymous_owner_had_becomes_a_persons(store: &dyn Store) {
    let me = owner(store, 1).await;
    let ada = store.add_person("ada", "hash").await.unwrap().unwrap();
    let bob = store.add_person("bob", "hash").await.unwrap().unwrap();
    place(store, new(me, answer(1), says("mine"))).await;
    store.adopt(me, ada).await.unwrap();
    assert!(store.answer(ada, answer(1)).await.unwrap().is_some());
    assert!(store.session(token(1)).await.unwrap().is_none(), "the anonymous one is nobody any more");
    store.adopt(ada, bob).await.unwrap();
    assert!(store.answer(ada, answer(1)).await.unwrap().is_some(), "a person's stays a person's");
}

pub(crate) async fn idle_owners_are_forgotten_and_nobody_else(store: &dyn Store) {
    let (_idle, busy) = (owner(store, 1).await, owner(store, 2).await);
    store.add_person("ada", "hash").await.unwrap().unwrap();
    place(store, new(busy, answer(1), says("mine"))).await;
    assert_eq!(store.forget_idle(60_000).await.unwrap(), 0, "it was here only now");
    assert_eq!(store.forget_idle(0).await.unwrap(), 1);
    assert!(store.session(token(1)).await.unwrap().is_none());
    assert!(store.session(token(2)).await.unwrap().is_some());
    assert_eq!(store.people().await.unwrap(), ["ada"]);
}

pub(crate) async fn an_image_is_its_owners_and_goes_with_the_last_of_them(store: &dyn Store) {
    let (me, stranger) = (owner(store, 1).await, owner(store, 2).await);
    let picture = Picture::read(bytes::Bytes::from_static(include_bytes!("contract/3x2.png"))).unwrap();
    let hash = store.add_file(me, picture.clone()).await.unwrap();
    assert_eq!(store.add_file(me, picture.clone()).await.unwrap(), hash, "once");
    assert_eq!(store.file(me, hash).await.unwrap().as_ref(), Some(&picture));
    assert_eq!(store.file(stranger, hash).await.unwrap(), None);
    store.add_file(stranger, picture).await.unwrap();
    let ada = store.add_person("ada", "hash").await.unwrap().unwrap();
    store.adopt(me, ada).await.unwrap();
    assert!(store.file(ada, hash).await.unwrap().is_some());
    assert_eq!(store.sweep().await.unwrap(), 0);
    assert!(store.remove_person("ada").await.unwrap());
    assert!(store.file(stranger, hash).await.unwrap().is_some(), "the stranger has it still");
}
