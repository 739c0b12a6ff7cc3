//! Whose things they are: every route, asked by its owner, by a stranger and by nobody.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Asked, House, Stream, TestServer, echo};
use crate::server::owner::Token;
use crate::server::router::{Route, routes};
use crate::server::routes::access::Access;
use crate::server::store::{Owners, SessionKind};

/// An id that nobody has.
const UNKNOWN: &str = "99999999-d9cb-469f-a165-70867728950e";

/// What a person or a browser has, and what of it ids can name.
struct Things {
    conversation: String,
    question: String,
    answer: String,
    running: String,
    /// A file's name: its hash and its size.
    file: String,
}

impl Things {
    fn ids(&self) -> [&str; 5] {
        [&self.conversation, &self.question, &self.answer, &self.running, &self.file]
    }

    /// The same with ids that nobody has.
    fn unknown(&self, text: &str) -> String {
        let hash = self.file.split('-').next().unwrap();
        let text = text.replace(hash, &"0".repeat(hash.len()));
        self.ids().iter().fold(text, |text, id| text.replace(id, UNKNOWN))
    }
}

/// A request about somebody's things.
struct Ask {
    path: String,
    body: String,
    /// The status that their owner gets.
    own: u16,
    /// What anybody else gets.
    others: Others,
}

#[derive(Clone, Copy)]
enum Others {
    /// 404 in the same words as for an id that nobody has.
    AsUnknown,
    /// 404, where an id that nobody has would be taken.
    Refused,
    /// Something of their own or of nobody's.
    NothingOfTheirs,
}

/// An image of one pixel, as text. Files have their content's hash, so each owner has another.
const GIF: &str = "GIF89a\u{1}\0\u{1}\0\0\0\0;";
const SECRET: &str = "the-secret-of-the-owner";

/// The requests for a route. A route without any is one that nobody has thought about yet: what it
/// takes must be written here, with every id that can be in it.
fn asks(route: &Route, things: &Things) -> Vec<Ask> {
    let Things { conversation, question, answer, running, file } = things;
    let ask = |path: &str, body: Value, own, others| {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        Ask { path: path.to_owned(), body, own, others }
    };
    let each = |suffix: &str, own| {
        [running, answer]
            .map(|id| ask(&format!("/api/chat/{id}{suffix}"), Value::Null, own, Others::AsUnknown))
    };
    let says = |mut body: Value| {
        let options = json!({"pace_ms": 0});
        body["message"]["parts"] = json!([{"t": "text", "r": "hello"}]);
        body["model"] = json!("demo/echo");
        body["options"] = options;
        body
    };
    let shows = |file: &str| {
        let parts = json!([{"t": "text", "r": "look"}, {"t": "image", "r": format!("/api/files/{file}")}]);
        json!({"message": {"parts": parts}, "model": "demo/echo", "options": {"pace_ms": 0}})
    };
    let named = |suffix: &str| format!("/api/conversations/{conversation}{suffix}");
    let form = |path: &str, body, others| Ask { path: path.to_owned(), body, own: 303, others };
    let open = |path| vec![ask(path, Value::Null, 200, Others::NothingOfTheirs)];
    match (route.method.as_str(), route.path) {
        ("POST", path @ "/api/chat") => vec![
            ask(path, says(json!({"id": answer})), 409, Others::Refused),
            ask(path, says(json!({"id": running})), 409, Others::Refused),
            ask(path, says(json!({"id": question})), 409, Others::Refused),
            ask(path, says(json!({"message": {"id": question}})), 409, Others::Refused),
            ask(path, says(json!({"message": {"id": answer}})), 409, Others::Refused),
            ask(path, json!({"parent": question, "model": "demo/echo"}), 200, Others::AsUnknown),
            ask(path, says(json!({"parent": answer})), 200, Others::AsUnknown),
            ask(path, says(json!({"parent": running})), 409, Others::AsUnknown),
            ask(path, says(json!({"conversation": conversation, "parent": null})), 200, Others::Refused),
            ask(path, shows(file), 200, Others::AsUnknown),
        ],
        // Its stream is read to its end by its owner.
        ("GET", "/api/chat/{id}/events") => {
            vec![ask(&format!("/api/chat/{answer}/events"), Value::Null, 200, Others::AsUnknown)]
        }
        ("POST", path @ "/api/files") => {
            vec![Ask {
                path: path.to_owned(),
                body: GIF.to_owned(),
                own: 201,
                others: Others::NothingOfTheirs,
            }]
        }
        ("GET", "/api/files/{name}") => {
            vec![ask(&format!("/api/files/{file}"), Value::Null, 200, Others::AsUnknown)]
        }
        ("GET", "/api/chat/{id}") => each("", 200).into(),
        ("POST", "/api/chat/{id}/cancel") => each("/cancel", 200).into(),
        ("GET", "/c/{id}") => vec![
            ask(&format!("/c/{conversation}"), Value::Null, 200, Others::AsUnknown),
            ask(&format!("/c/{conversation}?at={answer}"), Value::Null, 200, Others::AsUnknown),
        ],
        ("GET", path @ ("/api/running" | "/api/conversations")) => open(path),
        ("GET", "/api/conversations/{id}") => vec![
            ask(&named(""), Value::Null, 200, Others::AsUnknown),
            ask(&named(&format!("?at={answer}")), Value::Null, 200, Others::AsUnknown),
        ],
        ("PATCH", "/api/conversations/{id}") => {
            vec![ask(&named(""), json!({"title": "x"}), 200, Others::AsUnknown)]
        }
        ("DELETE", "/api/conversations/{id}") => {
            vec![ask(&named(""), Value::Null, 200, Others::AsUnknown)]
        }
        // Behind the one that deletes, in the table as here.
        ("POST", "/api/conversations/{id}/restore") => {
            vec![ask(&named("/restore"), Value::Null, 200, Others::AsUnknown)]
        }
        ("POST", path @ "/send") => vec![
            form(path, format!("text=hello&conversation={conversation}"), Others::Refused),
            form(path, format!("text=hello&parent={answer}"), Others::Refused),
        ],
        ("POST", path @ "/stop") => {
            vec![form(path, format!("answer={answer}"), Others::AsUnknown)]
        }
        ("GET", path @ ("/" | "/lab" | "/diagram" | "/api/models" | "/livez" | "/readyz")) => open(path),
        ("POST", path @ "/api/sse") => vec![ask(path, json!("x"), 200, Others::NothingOfTheirs)],
        (_, path @ ("/login" | "/settings" | "/logout" | "/logout/everywhere")) => {
            vec![ask(path, Value::Null, 303, Others::NothingOfTheirs)]
        }
        (method, path) => panic!("{method} {path} is not in this test: say here what a stranger gets"),
    }
}

async fn things(server: &TestServer) -> Things {
    let mut stream = server.chat(&echo(SECRET, json!({"pace_ms": 0}))).await;
    stream.end().await;
    let answer = stream.id();
    let state = server.json(&format!("/api/chat/{answer}")).await;
    let running = server.chat(&echo(SECRET, json!({"stall_after": 0}))).await.id();
    let image = format!("{GIF}of the owner");
    let file = server.http.post(server.url("/api/files")).body(image).send().await.unwrap();
    let file: Value = file.json().await.unwrap();
    let file = file["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let text = |name: &str| state[name].as_str().unwrap().to_owned();
    Things { conversation: text("conversation"), question: text("parent"), answer, running, file }
}

/// Asks by a cookie; without one as nobody.
async fn asked(server: &TestServer, route: &Route, ask: &Ask, cookie: Option<&str>) -> Asked {
    let origin = format!("http://{}", server.addr);
    let mut headers = vec![("origin", origin.as_str()), ("content-type", "application/json")];
    headers.extend(cookie.map(|cookie| ("cookie", cookie)));
    Asked::with(server, &route.method, &ask.path, &headers, &ask.body).await
}

/// A page without what differs each time.
fn steady(body: &str) -> String {
    let nonce = body.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next());
    nonce.map_or(body.to_owned(), |nonce| body.replace(nonce, ""))
}

#[tokio::test]
async fn what_is_somebody_elses_is_like_what_is_not_there() {
    let server = TestServer::start().await;
    let things = things(&server).await;
    let (_, stranger) = super::client::visitor(server.addr).await;
    for route in routes() {
        for ask in asks(&route, &things) {
            for cookie in [Some(stranger.as_str()), None] {
                let name = format!("{} {} {}", route.method, ask.path, ask.body);
                let got = asked(&server, &route, &ask, cookie).await;
                assert!(!got.body.contains(SECRET), "{name}: {}", got.body);
                assert!(!things.ids().iter().any(|id| got.body.contains(id)), "{name}: {}", got.body);
                let expected = if matches!(ask.others, Others::NothingOfTheirs) { ask.own } else { 404 };
                assert_eq!(got.status, expected, "{name}: {}", got.body);
                if matches!(ask.others, Others::AsUnknown) {
                    let ask = Ask { path: things.unknown(&ask.path), body: things.unknown(&ask.body), ..ask };
                    let same = asked(&server, &route, &ask, cookie).await;
                    assert_eq!((same.status, steady(&same.body)), (404, steady(&got.body)), "{name}");
                }
            }
        }
    }
    let state = server.json(&format!("/api/chat/{}", things.running)).await;
    assert_eq!(state["state"], "running", "nobody else has stopped it");
    for route in routes() {
        for ask in asks(&route, &things) {
            let got = asked(&server, &route, &ask, Some(&server.cookie)).await;
            assert_eq!(got.status, ask.own, "{} {} {}: {}", route.method, ask.path, ask.body, got.body);
        }
    }
}

#[tokio::test]
async fn where_there_are_people_nobody_else_is_let_in() {
    let house = House::open("").await;
    let things = things(&house.server).await;
    house.add("anna", "correct horse").await;
    let origin = format!("http://{}", house.server.addr);
    let bearer = format!("Bearer {}", Token::new().reveal());
    let strangers =
        [vec![], vec![("cookie", house.server.cookie.as_str())], vec![("authorization", bearer.as_str())]];
    for route in routes() {
        let path = route.path.replace("{id}", &things.conversation).replace("{name}", &things.file);
        for who in &strangers {
            let name = format!("{} {path} {who:?}", route.method);
            let headers = [&[("origin", origin.as_str())], who.as_slice()].concat();
            let got = Asked::with(&house.server, &route.method, &path, &headers, "x").await;
            let is_program = who.iter().any(|(name, _)| *name == "authorization");
            match route.access {
                Access::Open => assert_eq!(got.status, 200, "{name}"),
                Access::Owner => {
                    assert_eq!((got.status, got.kind().as_str()), (401, "unauthorized"), "{name}")
                }
                Access::Door | Access::Page if is_program => assert_eq!(got.status, 401, "{name}"),
                Access::Page => {
                    assert_eq!(got.status, 303, "{name}");
                    assert!(got.header("location").starts_with("/login?next=%2F"), "{name}");
                }
                // Also who has not signed in may want to read the way in.
                Access::Door if path == "/settings" => assert_eq!(got.header("location"), "/", "{name}"),
                Access::Door => {
                    assert!(matches!(got.status, 200 | 401) && got.body.contains("<form"), "{name}")
                }
            }
        }
    }
}

#[tokio::test]
async fn a_cookie_is_for_this_host_and_out_of_reach_of_scripts() {
    let server = TestServer::start().await;
    let got = Asked::with(&server, &Method::GET, "/", &[], "").await;
    let cookie = got.header("set-cookie");
    let (pair, rest) = cookie.split_once("; ").unwrap();
    assert_eq!(pair.strip_prefix("sluice=").unwrap().len(), 64, "{cookie}");
    assert_eq!(rest, "Path=/; HttpOnly; SameSite=Lax; Max-Age=34560000");
    let again = Asked::with(&server, &Method::GET, "/", &[("cookie", pair)], "").await;
    assert_eq!(again.header("set-cookie"), "", "who is known keeps what they have");
}

#[tokio::test]
async fn under_https_the_cookie_is_sent_by_https_alone() {
    let server = TestServer::with("[server]\npublic_url = \"https://chat.example.org\"\n").await;
    let got = Asked::with(&server, &Method::GET, "/", &[], "").await;
    let cookie = got.header("set-cookie");
    let (pair, rest) = cookie.split_once("; ").unwrap();
    assert_eq!(got.header("cross-origin-opener-policy"), "same-origin");
    assert!(pair.starts_with("__Host-sluice="), "{cookie}");
    assert_eq!(rest, "Path=/; HttpOnly; SameSite=Lax; Max-Age=34560000; Secure");
    let again = Asked::with(&server, &Method::GET, "/", &[("cookie", pair)], "").await;
    assert_eq!(again.header("set-cookie"), "");
    let plain = pair.replace("__Host-sluice", "sluice");
    let planted = Asked::with(&server, &Method::GET, "/", &[("cookie", &plain)], "").await;
    assert_ne!(planted.header("set-cookie"), "", "a name that a plain connection can set is not ours");
}

#[tokio::test]
async fn what_needs_no_owner_makes_none() {
    let server = TestServer::start().await;
    for path in ["/livez", "/readyz", "/favicon.svg", "/api/models", "/login", "/api/nothing"] {
        let got = Asked::with(&server, &Method::GET, path, &[], "").await;
        assert_eq!(got.header("set-cookie"), "", "{path}");
    }
    let got = Asked::with(&server, &Method::POST, "/api/sse", &[], "x").await;
    assert_eq!((got.status, got.header("set-cookie")), (200, ""));
}

#[tokio::test]
async fn a_token_wins_over_a_cookie_and_a_worthless_one_is_nobodys() {
    let house = House::open("").await;
    let (anna, ben) = (house.add("anna", "correct horse").await, house.add("ben", "correct horse").await);
    let token = format!("Bearer {}", house.token(anna, SessionKind::Program).await);
    let cookie = format!("sluice={}", house.token(ben, SessionKind::Browser).await);
    let chat = |headers: Vec<(&'static str, String)>| {
        let mut request = reqwest::Client::new().post(house.server.url("/api/chat"));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.json(&echo("x", json!({"pace_ms": 0}))).send()
    };
    let mut stream =
        Stream::new(chat(vec![("authorization", token.clone()), ("cookie", cookie.clone())]).await.unwrap());
    stream.end().await;
    let path = format!("/api/chat/{}", stream.id());
    let status = async |headers: &[(&str, &str)]| {
        Asked::with(&house.server, &Method::GET, &path, headers, "").await.status
    };
    assert_eq!(status(&[("authorization", &token)]).await, 200);
    assert_eq!(status(&[("authorization", &token.replace("Bearer", "bearer"))]).await, 200);
    assert_eq!(status(&[("cookie", &cookie)]).await, 404, "it is not the cookie's");
    assert_eq!(status(&[("authorization", "Basic x"), ("cookie", &cookie)]).await, 404, "a proxy's own");
    for bad in ["Bearer x".to_owned(), format!("Bearer {}", Token::new().reveal())] {
        assert_eq!(status(&[("authorization", &bad), ("cookie", &cookie)]).await, 401, "{bad}");
        let started = chat(vec![("authorization", bad)]).await.unwrap();
        assert_eq!(started.status(), 401);
        assert_eq!(started.headers()["www-authenticate"], "Bearer");
        assert!(!started.headers().contains_key("set-cookie"));
    }
    assert_eq!(house.store.end_sessions(anna, SessionKind::Program).await.unwrap(), 1);
    assert_eq!(status(&[("authorization", &token)]).await, 401, "at the next request");
}

#[tokio::test]
async fn a_worthless_token_is_refused_where_anybody_may_ask() {
    let server = TestServer::start().await;
    let bad = format!("Bearer {}", Token::new().reveal());
    for (method, path) in [(Method::POST, "/api/chat"), (Method::GET, "/api/models"), (Method::GET, "/")] {
        let headers = [("authorization", bad.as_str()), ("cookie", &server.cookie)];
        let got = Asked::with(&server, &method, path, &headers, "").await;
        assert_eq!((got.status, got.header("set-cookie")), (401, ""), "{path}");
    }
}

#[tokio::test]
async fn every_response_has_the_usual_headers() {
    let server = TestServer::start().await;
    for path in ["/", "/login", "/api/models", "/api/nothing", "/livez", "/favicon.svg"] {
        let got = Asked::with(&server, &Method::GET, path, &[], "").await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("x-frame-options", "DENY"),
            // Browsers complain about it on plain HTTP.
            ("cross-origin-opener-policy", ""),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(got.header(name), value, "{path}");
        }
        assert!(got.headers.contains_key("permissions-policy"), "{path}");
        assert!(!got.headers.contains_key("strict-transport-security"), "the proxy's to say");
    }
}
