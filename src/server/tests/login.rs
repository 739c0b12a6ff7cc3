//! Logging in and out.

use axum::http::Method;
use serde_json::json;

use super::{Asked, House, Stream, echo};
use crate::server::store::{Owners, SessionKind};

const PASSWORD: &str = "correct horse";

impl House {
    /// Sends the form; `cookie` is what the browser has.
    async fn log_in(&self, name: &str, password: &str, next: &str, cookie: &str) -> Asked {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("name", name).append_pair("password", password).append_pair("next", next);
        let headers = [("cookie", cookie), ("sec-fetch-site", "same-origin")];
        let headers: Vec<_> = headers.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        Asked::with(&self.server, &Method::POST, "/login", &headers, &form.finish()).await
    }

    async fn look(&self, path: &str, cookie: &str) -> Asked {
        Asked::with(&self.server, &Method::GET, path, &[("cookie", cookie)], "").await
    }

    async fn post(&self, path: &str, cookie: &str) -> Asked {
        let headers = [("cookie", cookie), ("sec-fetch-site", "same-origin")];
        Asked::with(&self.server, &Method::POST, path, &headers, "").await
    }
}

fn cookie_of(asked: &Asked) -> String {
    asked.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_page_sends_to_the_form_and_the_form_back_to_the_page() {
    let house = House::open("").await;
    house.add("anna", PASSWORD).await;
    let asked = house.look("/c/1?at=2", "").await;
    assert_eq!((asked.status, asked.header("location")), (303, "/login?next=%2Fc%2F1%3Fat%3D2"));
    let form = house.look(asked.header("location"), "").await;
    assert_eq!(form.status, 200);
    assert!(form.body.contains(r#"name="next" value="/c/1?at=2""#), "{}", form.body);
    assert!(!form.body.contains("type=\"module\"") && !form.body.contains("preload"), "no program is loaded");
    assert!(form.header("content-security-policy").contains("form-action 'self'"));
    assert_eq!(form.header("cache-control"), "no-store");
    let entered = house.log_in("anna", PASSWORD, "/c/1?at=2", "").await;
    assert_eq!((entered.status, entered.header("location")), (303, "/c/1?at=2"));
    let cookie = cookie_of(&entered);
    let page = house.look("/lab", &cookie).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("anna") && page.body.contains("/logout"), "it says who is signed in");
    let again = house.look("/login?next=/lab", &cookie).await;
    assert_eq!((again.status, again.header("location")), (303, "/lab"), "who is in need not log in");
}

#[tokio::test]
async fn nobody_is_sent_elsewhere() {
    let house = House::open("").await;
    house.add("anna", PASSWORD).await;
    for next in ["//evil.test", "/\\evil.test", "https://evil.test", "/\t/evil.test", ""] {
        assert_eq!(house.log_in("anna", PASSWORD, next, "").await.header("location"), "/", "{next:?}");
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_told_the_same() {
    let house = House::open("").await;
    house.add("anna", PASSWORD).await;
    let wrong = house.log_in("anna", "incorrect horse", "/lab", "").await;
    let unknown = house.log_in("ann<", "incorrect horse", "/lab", "").await;
    for (asked, name) in [(&wrong, "anna"), (&unknown, "ann&lt;")] {
        assert_eq!(asked.status, 401);
        assert_eq!(asked.header("set-cookie"), "");
        assert!(asked.body.contains("The name or the password is wrong."), "{}", asked.body);
        assert!(asked.body.contains(&format!(r#"value="{name}""#)), "the name stays: {}", asked.body);
        assert!(asked.body.contains(r#"name="next" value="/lab""#));
        assert!(!asked.body.contains("horse"));
    }
}

#[tokio::test]
async fn too_many_failures_are_told_to_wait_even_with_the_right_password() {
    let house = House::open("").await;
    house.add("anna", PASSWORD).await;
    house.add("ben", PASSWORD).await;
    for _ in 0..9 {
        assert_eq!(house.log_in("anna", "incorrect horse", "/", "").await.status, 401);
    }
    assert_eq!(house.log_in("anna", PASSWORD, "/", "").await.status, 303, "the tenth may still be right");
    for _ in 0..10 {
        assert_eq!(house.log_in("anna", "incorrect horse", "/", "").await.status, 401);
    }
    let refused = house.log_in("anna", PASSWORD, "/", "").await;
    assert_eq!(refused.status, 429);
    let seconds: u32 = refused.header("retry-after").parse().unwrap();
    assert!((1..=15 * 60).contains(&seconds), "{seconds}");
    assert!(refused.body.contains("<form") && refused.body.contains("too often"));
    assert_eq!(house.log_in("ben", PASSWORD, "/", "").await.status, 303, "others are let in");
}

#[tokio::test]
async fn each_log_in_has_a_token_of_its_own() {
    let house = House::open("").await;
    let anna = house.add("anna", PASSWORD).await;
    let planted = format!("sluice={}", house.token(anna, SessionKind::Browser).await);
    let first = cookie_of(&house.log_in("anna", PASSWORD, "/", &planted).await);
    assert_ne!(first, planted);
    assert_eq!(house.look("/", &planted).await.status, 303, "what was known before is over");
    let second = cookie_of(&house.log_in("anna", PASSWORD, "/", "").await);
    assert_ne!(first, second);
    for cookie in [&first, &second] {
        assert_eq!(house.look("/", cookie).await.status, 200);
    }
}

#[tokio::test]
async fn what_a_browser_had_becomes_the_first_persons_who_logs_in_there() {
    let house = House::open("").await;
    let anonymous = house.server.cookie.clone();
    let mut ended = house.server.chat(&echo("before", json!({"pace_ms": 0}))).await;
    ended.end().await;
    let mut running = house.server.chat(&echo("0123456789", json!({"pace_ms": 0, "stall_after": 5}))).await;
    running.until(5).await;
    house.add("anna", PASSWORD).await;
    house.add("ben", PASSWORD).await;
    let path = |stream: &Stream| format!("/api/chat/{}", stream.id());
    assert_eq!(house.look(&path(&ended), &anonymous).await.status, 401, "nobody is anonymous now");
    let anna = cookie_of(&house.log_in("anna", PASSWORD, "/", &anonymous).await);
    for stream in [&ended, &running] {
        assert_eq!(house.look(&path(stream), &anna).await.status, 200);
    }
    let stopped = house.post(&format!("{}/cancel", path(&running)), &anna).await;
    assert_eq!(stopped.status, 200, "also what was running is hers: {}", stopped.body);
    let ben = cookie_of(&house.log_in("ben", PASSWORD, "/", &anonymous).await);
    for stream in [&ended, &running] {
        assert_eq!(house.look(&path(stream), &ben).await.status, 404, "and of nobody after her");
        assert_eq!(house.look(&path(stream), &anna).await.status, 200);
    }
}

#[tokio::test]
async fn logging_out_ends_this_session_and_everywhere_all_of_the_persons() {
    let house = House::open("").await;
    let anna = house.add("anna", PASSWORD).await;
    house.add("ben", PASSWORD).await;
    let token = format!("Bearer {}", house.token(anna, SessionKind::Program).await);
    let mut cookies = Vec::new();
    for name in ["anna", "anna", "anna", "ben"] {
        cookies.push(cookie_of(&house.log_in(name, PASSWORD, "/", "").await));
    }
    let status = async |cookie: &str| house.look("/", cookie).await.status;
    let left = house.post("/logout", &cookies[0]).await;
    assert_eq!((left.status, left.header("location")), (303, "/login"));
    assert!(
        left.header("set-cookie").starts_with("sluice=; ") && left.header("set-cookie").contains("Max-Age=0")
    );
    assert_eq!(status(&cookies[0]).await, 303);
    assert_eq!(status(&cookies[1]).await, 200);
    assert_eq!(house.post("/logout/everywhere", &cookies[1]).await.status, 303);
    assert_eq!(status(&cookies[1]).await, 303);
    assert_eq!(status(&cookies[2]).await, 303);
    assert_eq!(status(&cookies[3]).await, 200, "somebody else's session goes on");
    let program =
        Asked::with(&house.server, &Method::GET, "/api/models", &[("authorization", &token)], "").await;
    assert_eq!(program.status, 200, "a program's token is no session in a browser");
}

#[tokio::test]
async fn a_removed_person_is_nobody_at_once_even_while_an_answer_runs() {
    let house = House::open("").await;
    let anna = house.add("anna", PASSWORD).await;
    house.add("ben", PASSWORD).await;
    let token = format!("Bearer {}", house.token(anna, SessionKind::Program).await);
    let request = reqwest::Client::new().post(house.server.url("/api/chat")).header("authorization", &token);
    let body = echo("0123456789", json!({"pace_ms": 0, "stall_after": 5}));
    let mut stream = Stream::new(request.json(&body).send().await.unwrap());
    stream.until(5).await;
    assert!(house.store.remove_person("anna").await.unwrap());
    let path = format!("/api/chat/{}", stream.id());
    let got = Asked::with(&house.server, &Method::GET, &path, &[("authorization", &token)], "").await;
    assert_eq!(got.status, 401);
    // It stops like any other, with nothing to save.
    house.server.tell_to_stop();
    stream.end().await;
    house.server.stopped().await;
}
