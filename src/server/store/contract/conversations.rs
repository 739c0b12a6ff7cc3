//! Their list, their branches, and what was deleted.

use super::{answer, conversation, end, ending, new, owner, place, says, text};
use crate::server::store::{Content, ListedBefore, Store};
use crate::wire::StartRequest;

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
