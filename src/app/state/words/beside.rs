//! The words of what only the server writes: the browser's program never reads them, so they are not
//! in its dictionary.

use super::dictionary::{dictionary, here};

dictionary! {
    /// The words of one language.
    BesideWords "beside-words" {
        being_written: "The answer is still being written.", "回答还在写。";
        reload: "Reload to see more", "刷新查看更多";

        login: "Sign in", "登录";
        login_more: "Your conversations are waiting where you left them.", "你的对话都还在原处等着你。";
        person_name: "Name", "用户名";
        password: "Password", "密码";
        login_wrong: "The name or the password is wrong.", "用户名或密码不正确。";
        login_too_many:
            "That was tried too often. Wait a few minutes, then try again.",
            "尝试次数过多，请几分钟后再试。";
    }
}

/// The words of the page's language.
pub fn beside_words() -> &'static BesideWords {
    here()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beside_says_the_same_in_all_languages() {
        super::super::dictionary::tests::check::<BesideWords>();
    }
}
