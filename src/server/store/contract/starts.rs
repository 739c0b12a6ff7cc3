//! Where a message and its answer are placed.

use super::{answer, conversation, end, ending, new, owner, place, says, text, think};
use crate::server::store::{PlaceError, Placed, Store, Words};
use crate::wire::{MessagePart, StartRequest};

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

pub(crate) async fn an_equal_start_is_found_again(store: &dyn Store) {
    let me = owner(store, 1).await;
    place(store, new(me, answer(1), says("one"))).await;
    let again = store.place(new(me, answer(1), says("one"))).await.unwrap();
    let Placed::Repeated(record) = again else { panic!("{again:?}") };
    assert_eq!((record.id, record.terminal, record.model.as_str()), (answer(1), None, "demo/echo/2"));
    let other = store.place(new(me, answer(1), says("two"))).await.unwrap_err();
    assert!(matches!(other, PlaceError::IdTaken), "{other}");
}
