//! The form at which people sign in. Nothing of it needs a script.

use leptos::prelude::*;

use crate::app::components::icon::{MARK, icon};
use crate::app::state::person::{LoginForm, LoginProblem};
use crate::app::state::words::beside_words;

/// `/login`.
#[component]
pub fn LoginPage(form: LoginForm) -> impl IntoView {
    let words = beside_words();
    let LoginForm { name, next, problem } = form;
    // The field that is to be filled in next.
    let has_name = !name.is_empty();
    let problem = problem.map(|problem| {
        let sentence = match problem {
            LoginProblem::Wrong => words.login_wrong,
            LoginProblem::TooMany => words.login_too_many,
        };
        view! {
            <p class="login-problem" id="problem" role="alert">
                {sentence}
            </p>
        }
    });
    let described = problem.is_some().then_some("problem");
    view! {
        <main class="login">
            <form class="login-form" method="post" action="/login">
                <div class="login-head">
                    {icon(MARK)} <h1>{words.login}</h1> <p>{words.login_more}</p>
                </div>
                {problem}
                <input type="hidden" name="next" value=next />
                <label class="login-field">
                    <span>{words.person_name}</span>
                    <input
                        name="name"
                        value=name
                        autocomplete="username"
                        autocapitalize="none"
                        spellcheck="false"
                        maxlength="64"
                        required
                        autofocus=!has_name
                        aria-describedby=described
                    />
                </label>
                <label class="login-field">
                    <span>{words.password}</span>
                    <input
                        name="password"
                        type="password"
                        autocomplete="current-password"
                        required
                        autofocus=has_name
                        aria-describedby=described
                    />
                </label>
                <button class="button primary">{words.login}</button>
            </form>
        </main>
    }
}
