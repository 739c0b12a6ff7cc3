//! Items as they come: signs of life, and a reader who does not read.

use super::*;

/// Each comment is an item, which is what the stall clock counts.
#[tokio::test]
async fn q05_a_comment_is_a_sign_of_life_and_nothing_else() {
    let fake = Fake::start().await;
    let mut deltas = provider(&fake).stream(prompt());
    let serve = async {
        let mut connection = fake.accept().await;
        connection.begin(Framing::Chunked).await;
        connection
    };
    let (head, mut connection) = tokio::join!(soon(deltas.next()), serve);
    assert_eq!(head, Some(Ok(vec![])), "the response's head");
    for comment in [": keep-alive\n\n", ": OPENROUTER PROCESSING\n\n", ":\n\n"] {
        for _ in 0..3 {
            connection.send(comment).await.unwrap();
            assert_eq!(soon(deltas.next()).await, Some(Ok(vec![])));
        }
    }
    connection.send(EVENT).await.unwrap();
    assert_eq!(soon(deltas.next()).await, Some(Ok(vec![Delta::Text("a".to_owned())])));
}

#[tokio::test]
async fn q28_a_slow_reader_holds_the_provider_up_and_loses_nothing() {
    let fake = Fake::start().await;
    let mut deltas = provider(&fake).stream(prompt());
    let (_, mut connection) = tokio::join!(soon(deltas.next()), async {
        let mut connection = fake.accept().await;
        connection.begin(Framing::Close).await;
        connection
    });
    // Writes as fast as it goes; nobody reads.
    let stream: String = (0..400_000)
        .map(|n| format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{n},\"}}}}]}}\n\n"))
        .collect();
    let mut sent = 0;
    let mut blocked = 0;
    while blocked < 20 && sent < stream.len() {
        match connection.try_raw(&stream.as_bytes()[sent..]) {
            Ok(n) => (sent, blocked) = (sent + n, 0),
            Err(_) => {
                blocked += 1;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }
    assert!(sent < stream.len() / 2, "{sent} bytes went somewhere");
    // Whole numbers only: the last one may be cut. Then the reader reads after all.
    let whole = memchr::memmem::rfind(&stream.as_bytes()[..sent], b"\n\n").unwrap() + 2;
    connection.close();
    let answer = fold(deltas).await;
    let expected = stream[..whole].matches("data: ").count();
    let mut numbers =
        answer.text.split_terminator(',').map(|n| n.parse::<usize>().unwrap()).collect::<Vec<_>>();
    numbers.dedup();
    assert!(numbers.iter().copied().eq(0..expected), "{} of {expected}", numbers.len());
}
