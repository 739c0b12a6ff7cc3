//! The pages' heads; what is in them is the browser tests' business.

use super::{TestServer, echo};

#[tokio::test]
async fn every_page_has_its_policy_and_a_fresh_nonce() {
    let server = TestServer::start().await;
    let mut nonces = Vec::new();
    for path in ["/", "/lab", "/"] {
        let response = server.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        for part in [
            "default-src 'none'",
            "connect-src 'self';",
            "require-trusted-types-for 'script'; trusted-types 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        let html = response.text().await.unwrap();
        assert_eq!(
            html.matches("<script").count(),
            html.matches(&format!("nonce=\"{nonce}\"")).count() + data_blocks(&html)
        );
        nonces.push(nonce);
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 3);
}

/// Scripts that are data need no nonce: nothing runs them.
fn data_blocks(html: &str) -> usize {
    html.matches("type=\"application/json\"").count()
}

#[tokio::test]
async fn a_conversation_is_in_its_page_and_an_unknown_one_is_not_found() {
    let server = TestServer::start().await;
    let mut stream =
        server.chat(&echo("</script><!-- quoted & safe", serde_json::json!({"pace_ms": 0}))).await;
    stream.end().await;
    let state = server.json(&format!("/api/chat/{}", stream.id())).await;
    let conversation = state["conversation"].as_str().unwrap();
    let html = server.get(&format!("/c/{conversation}")).await.text().await.unwrap();
    assert!(html.contains("&lt;/script&gt;&lt;!-- quoted &amp; safe"), "as text, before any script has run");
    assert!(!html.contains("</script><!-- quoted"));
    let missing = server.get("/c/0f8fad5b-d9cb-469f-a165-70867728950e").await;
    assert_eq!(missing.status(), 404);
    assert_eq!(server.get("/c/x").await.status(), 404);
}
