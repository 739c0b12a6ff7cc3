//! What an answer says, piece by piece and to its end.

use super::{answer, answer_of, content, ending, image, new, owner, place, says, terminal, text, think};
use crate::server::store::{Piece, Store};
use crate::wire::{ErrorKind, Offset, Outcome};

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
