//! The pages: loads what a page shows, and has Leptos render it.
//!
//! - [`login`]: logging in and out
//! - [`refused`]: what somebody is told who opened an address and was refused
//! - [`settings`]: how somebody wants the pages to be
//!
//! # Architecture Invariant
//!
//! The only module that calls leptos_axum, and, with the router, the only one that knows `app`.

pub mod login;
pub mod refused;
pub mod settings;

use axum::body::Body;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use leptos::config::LeptosOptions;
use leptos::nonce::Nonce;
use leptos::prelude::{IntoView, provide_context};

use super::assets::{Package, versioned};
use super::conversations::{at, first, value_of};
use super::visitor::Visitor;
use super::wishes::Wishes;
use crate::app::state::person::{LoginForm, LoginProblem};
use crate::app::state::settings::Settings;
use crate::app::state::words::language::Language;
use crate::app::{Assets, Beside, NotSent, Page, PageData, refusal, shell};
use crate::server::error::RequestError;
use crate::server::owner::LoginError;
use crate::server::state::AppState;
use crate::wire::{ConversationId, Models};

/// Tells Leptos which runtime we use; once for the process, and again without effect.
pub fn prepare() {
    let _ = any_spawner::Executor::init_tokio();
}

/// `/`: a new chat, with the list of conversations from its beginning or from `?before=`.
pub async fn chat(
    State(app): State<AppState>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, RequestError> {
    let before = query.as_deref().and_then(|query| value_of(query, "before"));
    let data = data(&app, &visitor, Page::Chat(None), before.as_deref()).await?;
    Ok(visitor.greet(render(&app, data, request).await))
}

/// `/c/{id}`: a conversation, along the branch of the message `?at=`, or along its newest.
pub async fn conversation(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, RequestError> {
    // What is not an id can't exist.
    let chat = match (id.parse(), at(query.as_deref())) {
        (Ok(id), Ok(at)) => app.registry.chat(visitor.owner, id, at).await?,
        _ => None,
    };
    let response = match chat {
        Some(chat) => {
            let data = data(&app, &visitor, Page::Chat(Some(chat)), None).await?;
            render(&app, data, request).await
        }
        None => missing(&app, &visitor).await?,
    };
    Ok(visitor.greet(response))
}

/// The page of what is not there.
pub(super) async fn missing(app: &AppState, visitor: &Visitor) -> Result<Response, RequestError> {
    let data = data(app, visitor, Page::Missing, None).await?;
    let mut response = render(app, data, Request::default()).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    Ok(response)
}

/// The conversation to which a message was to be sent, with the message and why it was not.
pub(super) async fn not_sent(
    app: &AppState,
    visitor: &Visitor,
    conversation: Option<ConversationId>,
    text: String,
    error: &RequestError,
) -> Result<Response, RequestError> {
    let chat = match conversation {
        Some(id) => app.registry.chat(visitor.owner, id, None).await?,
        None => None,
    };
    let mut shown = data(app, visitor, Page::Chat(chat), None).await?;
    let (reason, status) = (error.to_string(), error.status().as_u16());
    shown.beside.not_sent = Some(NotSent { text, reason, status });
    let mut response = render(app, shown, Request::default()).await;
    *response.status_mut() = error.status();
    Ok(response)
}

/// `/lab`: the streams to try.
pub async fn lab(
    State(app): State<AppState>,
    visitor: Visitor,
    request: Request,
) -> Result<Response, RequestError> {
    let data = data(&app, &visitor, Page::Lab, None).await?;
    Ok(visitor.greet(render(&app, data, request).await))
}

/// `/login`: the form, with what was wrong with it the last time.
async fn render_login(
    app: &AppState,
    request: Request,
    name: String,
    next: String,
    problem: Option<&LoginError>,
) -> Response {
    let problem = problem.map(|error| match error {
        LoginError::TooMany { .. } => LoginProblem::TooMany,
        LoginError::Wrong | LoginError::Store(_) => LoginProblem::Wrong,
    });
    let page = Page::Login(LoginForm { name, next, problem });
    // Who has not logged in is told nothing of the models either.
    let data = PageData { page, models: Models::default(), name: None };
    let wishes = Wishes::of(request.headers());
    render(app, Shown { data, beside: Beside::default(), wishes }, request).await
}

/// What is rendered, and the list beside it.
async fn data(
    app: &AppState,
    visitor: &Visitor,
    page: Page,
    before: Option<&str>,
) -> Result<Shown, RequestError> {
    let conversations = match page {
        Page::Chat(_) => Some(first(app, visitor.owner, before).await?),
        Page::Missing | Page::Lab | Page::Login(_) => None,
    };
    let beside = Beside { conversations, not_sent: None };
    let data = PageData { page, models: app.catalog.seen(), name: visitor.name.clone() };
    Ok(Shown { data, beside, wishes: visitor.wishes.clone() })
}

/// A page with all that is on it, and how it should be.
struct Shown {
    data: PageData,
    beside: Beside,
    wishes: Wishes,
}

async fn render(app: &AppState, Shown { data, beside, wishes }: Shown, request: Request) -> Response {
    let options = app.leptos.clone();
    let view = move |assets| shell(data.clone(), beside.clone(), assets, options.clone());
    render_document(app, &wishes, request, view).await
}

/// A page without a program.
async fn render_refusal(app: &AppState, wishes: &Wishes, status: u16, reason: String) -> Response {
    let view = move |assets| refusal(status, &reason, &assets);
    render_document(app, wishes, Request::default(), view).await
}

async fn render_document<V: IntoView + 'static>(
    app: &AppState,
    wishes: &Wishes,
    request: Request,
    view: impl Fn(Assets) -> V + Clone + Send + Sync + 'static,
) -> Response {
    let settings = Settings::of_cookies(&wishes.cookies);
    let language = settings.language().unwrap_or_else(|| Language::accepted(&wishes.languages));
    let assets = assets(&app.leptos);
    let nonce = Nonce::new();
    let policy = content_security_policy(&nonce, watched().then_some(app.leptos.reload_port));
    let handler = leptos_axum::render_app_to_stream_in_order_with_context(
        move || {
            provide_context(nonce.clone());
            provide_context(settings);
            provide_context(language);
        },
        move || view(assets.clone()),
    );
    let mut response: Response<Body> = handler(request).await;
    let headers = response.headers_mut();
    // It holds the conversation as it is now, and a nonce that is good for once.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn assets(options: &LeptosOptions) -> Assets {
    let (folder, name) = (&options.site_pkg_dir, &options.output_name);
    let package = Package::find(folder);
    let scripts = package.files.iter().filter(|file| file.ends_with(".js"));
    Assets {
        css: versioned(&format!("{folder}/{name}.css")),
        js: package.address(&format!("{name}.js")),
        scripts: scripts.map(|file| package.address(file)).collect(),
        wasm: package.address(&format!("{name}.wasm")),
        code: versioned("parts/code.js"),
        colours: versioned("parts/colours.js"),
    }
}

/// Whether `cargo leptos watch` runs us.
fn watched() -> bool {
    std::env::var_os("LEPTOS_WATCH").is_some()
}

/// Only our own files; no script but the one that carries the nonce and what it imports; no string
/// ever becomes markup or code (Trusted Types). Under `cargo leptos watch` its reload socket as well.
fn content_security_policy(nonce: &str, reload_port: Option<u32>) -> String {
    let reload = reload_port.map(|port| format!(" ws://*:{port}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: blob:; font-src 'self'; connect-src 'self'{reload}; frame-src 'self'; \
         manifest-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    )
}
