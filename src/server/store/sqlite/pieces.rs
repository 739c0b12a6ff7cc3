//! An answer's content as rows: each a stretch of one part.

use futures_util::TryStreamExt;
use sqlx::sqlite::{SqliteConnection, SqlitePool};

use super::super::{Slice, StoreError};
use super::corrupt;
use crate::wire::{Answer, AnswerId, Offset, Part, PartKind, SnapshotPart};

/// The longest text of one row, in bytes. It bounds what is read too much at the beginning of a slice.
const MAX_BODY: usize = 64 * 1024;

/// A row: where it begins, its kind and its body.
type Row = (i64, String, String);

/// Writes parts that begin at `from`, in place of whatever begins there or later.
pub(super) async fn replace(
    db: &mut SqliteConnection,
    answer: AnswerId,
    from: Offset,
    parts: &[Part],
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM pieces WHERE answer = ? AND start >= ?")
        .bind(answer.as_bytes().as_slice())
        .bind(signed(from))
        .execute(&mut *db)
        .await?;
    let mut at = from;
    for part in parts {
        match part {
            Part::Think(r) | Part::Text(r) => {
                for body in bodies(r) {
                    insert(db, answer, at, part.kind(), body).await?;
                    at = at.plus(body.len());
                }
            }
            Part::Image(image) => {
                let json = serde_json::to_string(&SnapshotPart(part.clone())).unwrap_or_default();
                insert(db, answer, at, PartKind::Image, &json).await?;
                at = at.plus(image.url.len());
            }
        }
    }
    Ok(())
}

async fn insert(
    db: &mut SqliteConnection,
    answer: AnswerId,
    start: Offset,
    kind: PartKind,
    body: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO pieces (answer, start, kind, body) VALUES (?, ?, ?, ?)")
        .bind(answer.as_bytes().as_slice())
        .bind(signed(start))
        .bind(kind.name())
        .bind(body)
        .execute(db)
        .await
        .map(drop)
}

/// Text in rows of a bounded length, cut between characters.
fn bodies(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (body, rest) = text.split_at(text.floor_char_boundary(MAX_BODY));
        text = rest;
        (!body.is_empty()).then_some(body)
    })
}

/// Cuts what is saved to a length, which is a border.
pub(super) async fn cut(
    db: &mut SqliteConnection,
    answer: AnswerId,
    length: Offset,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM pieces WHERE answer = ? AND start >= ?")
        .bind(answer.as_bytes().as_slice())
        .bind(signed(length))
        .execute(&mut *db)
        .await?;
    let last = "SELECT start, kind, body FROM pieces WHERE answer = ? ORDER BY start DESC LIMIT 1";
    let last: Option<Row> =
        sqlx::query_as(last).bind(answer.as_bytes().as_slice()).fetch_optional(&mut *db).await?;
    let Some((start, kind, body)) = last else {
        return Ok(());
    };
    let keep = usize::try_from(signed(length) - start).map_err(|_| corrupt("a piece"))?;
    if kind == PartKind::Image.name() || keep >= body.len() {
        return Ok(());
    }
    sqlx::query("UPDATE pieces SET body = ? WHERE answer = ? AND start = ?")
        .bind(body.get(..keep).ok_or_else(|| corrupt("a piece"))?)
        .bind(answer.as_bytes().as_slice())
        .bind(start)
        .execute(db)
        .await?;
    Ok(())
}

/// Reads from the row in which `after` lies until there are `max` bytes or no more rows.
pub(super) async fn read(
    db: &SqlitePool,
    answer: AnswerId,
    after: Offset,
    max: usize,
) -> Result<Slice, StoreError> {
    // The row that `after` lies in is the last that begins at or before it.
    let rows = "SELECT start, kind, body FROM pieces WHERE answer = ?1 AND start >= \
                coalesce((SELECT max(start) FROM pieces WHERE answer = ?1 AND start <= ?2), 0) \
                ORDER BY start";
    let mut rows =
        sqlx::query_as::<_, Row>(rows).bind(answer.as_bytes().as_slice()).bind(signed(after)).fetch(db);
    let mut from = after;
    let mut end = after;
    let mut content = Answer::default();
    while let Some((start, kind, body)) = rows.try_next().await? {
        let start = Offset(start.try_into().map_err(|_| corrupt("a piece"))?);
        let part = part(&kind, body)?;
        let piece_end = start.plus(part.content().len());
        if piece_end <= after {
            continue;
        }
        if start > end {
            return Err(corrupt("the order of pieces"));
        }
        let (begin, part) = behind(part, start, after);
        if content.offset() == Offset::ZERO {
            from = begin;
        }
        push(&mut content, part);
        end = piece_end;
        if content.offset().0 >= max as u64 {
            break;
        }
    }
    Ok(Slice { from, parts: content.parts().to_vec() })
}

/// The whole content of an answer, in a transaction or outside of one.
pub(super) async fn all(db: &mut SqliteConnection, answer: AnswerId) -> Result<Answer, StoreError> {
    let rows = "SELECT start, kind, body FROM pieces WHERE answer = ? ORDER BY start";
    let mut rows = sqlx::query_as::<_, Row>(rows).bind(answer.as_bytes().as_slice()).fetch(db);
    let mut content = Answer::default();
    while let Some((start, kind, body)) = rows.try_next().await? {
        if start != signed(content.offset()) {
            return Err(corrupt("the order of pieces"));
        }
        push(&mut content, part(&kind, body)?);
    }
    Ok(content)
}

/// What of a part lies behind `after`, and where that begins: an image is whole.
fn behind(part: Part, start: Offset, after: Offset) -> (Offset, Part) {
    let skip = |r: String| {
        let inside = usize::try_from(after.0.saturating_sub(start.0)).unwrap_or(usize::MAX);
        let inside = r.floor_char_boundary(inside);
        (start.plus(inside), r[inside..].to_owned())
    };
    match part {
        Part::Think(r) => {
            let (begin, r) = skip(r);
            (begin, Part::Think(r))
        }
        Part::Text(r) => {
            let (begin, r) = skip(r);
            (begin, Part::Text(r))
        }
        Part::Image(image) => (start, Part::Image(image)),
    }
}

/// Text goes on the last part where that is of its kind, as everywhere.
pub(super) fn push(answer: &mut Answer, part: Part) {
    match part {
        Part::Think(r) => answer.push(PartKind::Think, &r),
        Part::Text(r) => answer.push(PartKind::Text, &r),
        Part::Image(image) => answer.push_image(image),
    }
}

pub(super) fn part(kind: &str, body: String) -> Result<Part, StoreError> {
    match kind {
        "think" => Ok(Part::Think(body)),
        "text" => Ok(Part::Text(body)),
        "image" => {
            let part: SnapshotPart = serde_json::from_str(&body).map_err(|_| corrupt("an image"))?;
            Ok(part.0)
        }
        _ => Err(corrupt("a kind of content")),
    }
}

/// SQLite's numbers have a sign; an offset never comes near it.
pub(super) fn signed(offset: Offset) -> i64 {
    i64::try_from(offset.0).unwrap_or(i64::MAX)
}
