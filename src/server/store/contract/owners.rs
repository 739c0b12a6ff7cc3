//! Whose things they are.

use super::{answer, end, new, owner, place, says, token};
use crate::server::store::{Picture, PlaceError, SessionKind, Store};
use crate::wire::{AnswerId, StartRequest};

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
    let picture = Picture::read(bytes::Bytes::from_static(include_bytes!("3x2.png"))).unwrap();
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
