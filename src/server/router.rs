//! Every route on one screen.

use axum::Router;
use axum::handler::Handler;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{MethodFilter, MethodRouter, any, get, on};
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::server::config::PublicUrl;
use crate::server::error::RequestError;
use crate::server::routes::access::{Access, Gate, guard};
use crate::server::routes::pages::{login, refused, settings};
use crate::server::routes::{
    assets, attach, cancel, conversations, diagram, files, forms, health, models, pages, plain, start, state,
};
use crate::server::state::AppState;
use crate::server::telemetry;

/// What can be asked for. A test asks for each as its owner, as another one and as nobody, and fails
/// at one that it does not know.
pub fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        stream(POST, "/api/chat", Access::Owner, start::start),
        stream(GET, "/api/chat/{id}/events", Access::Owner, attach::attach),
        stream(POST, "/api/sse", Access::Open, plain::stream),
        call(GET, "/api/chat/{id}", Access::Owner, state::state),
        call(POST, "/api/chat/{id}/cancel", Access::Owner, cancel::cancel),
        call(POST, "/api/files", Access::Owner, files::upload),
        call(GET, "/api/files/{name}", Access::Owner, files::file),
        call(GET, "/api/running", Access::Owner, conversations::running),
        call(GET, "/api/conversations", Access::Owner, conversations::list),
        call(GET, "/api/conversations/{id}", Access::Owner, conversations::read),
        call(Method::PATCH, "/api/conversations/{id}", Access::Owner, conversations::rename),
        call(Method::DELETE, "/api/conversations/{id}", Access::Owner, conversations::delete),
        call(POST, "/api/conversations/{id}/restore", Access::Owner, conversations::restore),
        call(GET, "/api/models", Access::Owner, models::models),
        call(GET, "/livez", Access::Open, health::live),
        call(GET, "/readyz", Access::Open, health::ready),
        call(GET, "/", Access::Page, pages::chat),
        call(GET, "/c/{id}", Access::Page, pages::conversation),
        call(GET, "/lab", Access::Page, pages::lab),
        call(GET, "/diagram", Access::Open, diagram::page),
        call(POST, "/send", Access::Page, forms::send),
        call(POST, "/stop", Access::Page, forms::stop),
        call(GET, "/login", Access::Door, login::page),
        call(POST, "/login", Access::Door, login::login),
        call(POST, "/settings", Access::Door, settings::save),
        call(POST, "/logout", Access::Page, login::logout),
        call(POST, "/logout/everywhere", Access::Page, login::logout_everywhere),
    ]
}

/// Beside the policy of the pages: nobody guesses types, is told where a link stood, frames our pages,
/// embeds our files, or gets at devices through us.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=()"),
];

/// Nobody opens our pages to look into them. On plain HTTP browsers ignore it, and complain about it on
/// the console.
const UNDER_HTTPS: (HeaderName, &str) =
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin");

/// One of the routes.
#[derive(Debug)]
pub struct Route {
    /// How it is asked.
    pub method: Method,
    /// Where.
    pub path: &'static str,
    /// By whom.
    pub access: Access,
    streams: bool,
    handler: MethodRouter<AppState>,
}

/// Of what is written anew for each request: a fifth smaller than at the fastest, in a millisecond for a page.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(5);

/// The whole application, without a port.
pub fn router(app: AppState) -> Router {
    pages::prepare();
    let (streams, calls) = routes().into_iter().partition(|route| route.streams);
    let calls = mount(calls, &app)
        .route("/api/{*rest}", any(|| async { RequestError::NotFound("address") }))
        .fallback(get(assets::file))
        .layer(CompressionLayer::new().quality(COMPRESSION));
    // Never a `TimeoutLayer` and never compression on the streams.
    let mut router = mount(streams, &app)
        .merge(calls)
        .method_not_allowed_fallback(|| async { RequestError::MethodNotAllowed })
        .layer(from_fn_with_state(app.clone(), refused::for_people));
    let https = app.public_url.as_ref().is_some_and(PublicUrl::is_https);
    for (name, value) in HEADERS.into_iter().chain(https.then_some(UNDER_HTTPS)) {
        let value = HeaderValue::from_static(value);
        router = router.layer(SetResponseHeaderLayer::if_not_present(name, value));
    }
    router
        .layer(CatchPanicLayer::custom(|_| RequestError::Internal.into_response()))
        .layer(from_fn(telemetry::log_request))
        .with_state(app)
}

fn mount(routes: Vec<Route>, app: &AppState) -> Router<AppState> {
    routes.into_iter().fold(Router::new(), |router, Route { path, access, handler, .. }| {
        let gate = Gate { app: app.clone(), access };
        router.route(path, handler.route_layer(from_fn_with_state(gate, guard)))
    })
}

/// A route whose response is an event stream.
fn stream<H, T>(method: Method, path: &'static str, access: Access, handler: H) -> Route
where
    H: Handler<T, AppState>,
    T: 'static,
{
    Route { streams: true, ..call(method, path, access, handler) }
}

/// A route whose response is whole.
fn call<H, T>(method: Method, path: &'static str, access: Access, handler: H) -> Route
where
    H: Handler<T, AppState>,
    T: 'static,
{
    let filter = MethodFilter::try_from(method.clone()).expect("a method of HTTP's own");
    Route { method, path, access, streams: false, handler: on(filter, handler) }
}
