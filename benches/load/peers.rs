//! What Sluice is measured beside, each a process of its own: a bare axum handler that broadcasts, and
//! a proxy that passes bytes on.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use futures_util::{Stream, StreamExt};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

/// A listener that takes ten thousand readers at once.
pub fn listen() -> TcpListener {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    socket.listen(20_000).expect("a listener")
}

async fn serve(router: Router) {
    let listener = listen();
    println!("{}", listener.local_addr().expect("an address").port());
    let listener = listener.tap_io(|tcp| drop(tcp.set_nodelay(true)));
    axum::serve(listener, router).await.expect("it serves");
}

/// `GET /events` attaches, `POST /start?tokens=…&pace=…` makes tokens for all.
pub async fn broadcast() {
    let (sender, _) = broadcast::channel::<()>(1_024);
    let router = Router::new().route("/events", get(events)).route("/start", post(start)).with_state(sender);
    serve(router).await;
}

async fn events(
    State(sender): State<broadcast::Sender<()>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let tokens = BroadcastStream::new(sender.subscribe());
    Sse::new(tokens.map(|_| Ok(Event::default().data("{\"t\":\"text\",\"r\":\"abcdefg~\"}"))))
}

async fn start(State(sender): State<broadcast::Sender<()>>, Query(query): Query<Vec<(String, u64)>>) {
    let value = |name| query.iter().find(|(key, _)| key == name).map_or(0, |(_, value)| *value);
    let (tokens, pace) = (value("tokens"), Duration::from_millis(value("pace")));
    tokio::spawn(async move {
        for _ in 0..tokens {
            let _ = sender.send(());
            tokio::time::sleep(pace).await;
        }
    });
}

/// Whatever is posted goes to the upstream, and what that says comes back as it is.
pub async fn proxy(upstream: String) {
    let client = reqwest::Client::builder().tcp_nodelay(true).build().expect("a client");
    let router = Router::new().route("/{*path}", post(pass)).with_state((client, upstream));
    serve(router).await;
}

async fn pass(State((client, upstream)): State<(reqwest::Client, String)>, body: Bytes) -> Response {
    let response = client.post(upstream).body(body).send().await.expect("the upstream answers");
    ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(response.bytes_stream())).into_response()
}
