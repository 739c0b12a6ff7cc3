//! A formula as models write it, as the parser wants it: commands under other names, and nothing that
//! could keep the parser busy or bring it down.

use super::NotTypeset;

/// Stands first in a group that has a box around it.
pub(super) const BOXED: char = '\u{E000}';
/// Stands first in a group that takes its place and is not seen.
pub(super) const PHANTOM: char = '\u{E001}';

/// The parser calls itself for each of so many commands one after another.
const MOST_COMMANDS_IN_A_ROW: usize = 40;

/// What becomes of a command.
enum Fate {
    Stays,
    /// It is left out.
    Goes,
    /// It is left out with its argument.
    GoesWithArgument,
    /// It is another one.
    Is(&'static str),
    /// The group behind it begins with this.
    Marks(char),
    /// A number behind the formula.
    Tag,
    /// Macros are programs, and a formula that has one is shown as it is.
    Refused,
}

fn fate(command: &str) -> Fate {
    match command {
        "notag" | "nonumber" | "allowbreak" | "displaylimits" | "nolinebreak" | "break" => Fate::Goes,
        "label" => Fate::GoesWithArgument,
        "tag" => Fate::Tag,
        "mbox" | "hbox" | "textnormal" | "textup" | "textmd" | "fbox" => Fate::Is("text"),
        "bm" | "pmb" => Fate::Is("boldsymbol"),
        "mathscr" => Fate::Is("mathcal"),
        "frak" => Fate::Is("mathfrak"),
        "xRightarrow" | "xmapsto" | "xleftrightarrow" | "xlongrightarrow" => Fate::Is("xrightarrow"),
        "argmax" => Fate::Is("mathop{arg\\,max}"),
        "argmin" => Fate::Is("mathop{arg\\,min}"),
        "bcancel" | "xcancel" | "sout" => Fate::Is("cancel"),
        "boxed" => Fate::Marks(BOXED),
        "phantom" | "hphantom" | "vphantom" => Fate::Marks(PHANTOM),
        "def" | "edef" | "gdef" | "xdef" | "let" | "futurelet" | "newcommand" | "renewcommand"
        | "providecommand" | "char" => Fate::Refused,
        _ => Fate::Stays,
    }
}

/// Rewrites a formula.
pub(super) fn spelled(latex: &str) -> Result<String, NotTypeset> {
    let mut out = String::with_capacity(latex.len());
    let mut rest = latex;
    let mut row = 0;
    while let Some(c) = rest.chars().next() {
        let (_, behind) = rest.split_at(c.len_utf8());
        row = match c {
            '\\' => row + 1,
            _ if c.is_whitespace() => row,
            _ => 0,
        };
        if row > MOST_COMMANDS_IN_A_ROW {
            return Err(NotTypeset::TooDeep);
        }
        rest = match c {
            '\\' => command(&mut out, behind)?,
            // A comment.
            '%' => behind.split_once('\n').map_or("", |(_, behind)| behind),
            '#' => color(&mut out, behind)?,
            BOXED | PHANTOM => return Err(NotTypeset::NotUnderstood),
            // The parser takes a space for one byte.
            _ => {
                out.push(if c.is_whitespace() { ' ' } else { c });
                behind
            }
        };
    }
    Ok(out)
}

/// `rest` begins behind the backslash; what is left of it is returned.
fn command<'a>(out: &mut String, rest: &'a str) -> Result<&'a str, NotTypeset> {
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let Some(symbol) = rest.chars().next() else { return Err(NotTypeset::NotUnderstood) };
    let (name, behind) = rest.split_at(letters.max(symbol.len_utf8()));
    let keep = |out: &mut String, name: &str| {
        out.push('\\');
        out.push_str(name);
    };
    match fate(name) {
        Fate::Stays if symbol.is_whitespace() => keep(out, " "),
        Fate::Stays | Fate::Is(_) if takes_text(name) => return text(out, name, behind),
        Fate::Stays if name == "begin" || name == "end" => return Ok(environment(out, name, behind)),
        Fate::Stays => keep(out, name),
        Fate::Is(other) => keep(out, other),
        Fate::Goes => out.push(' '),
        Fate::GoesWithArgument => return Ok(group(behind).ok_or(NotTypeset::NotUnderstood)?.1),
        Fate::Tag => {
            let (tag, behind) =
                group(behind.strip_prefix('*').unwrap_or(behind)).ok_or(NotTypeset::NotUnderstood)?;
            out.push_str("\\qquad\\text{(");
            out.push_str(tag);
            out.push_str(")}");
            return Ok(behind);
        }
        Fate::Marks(mark) => {
            let inside = behind.trim_start().strip_prefix('{').ok_or(NotTypeset::NotUnderstood)?;
            out.push('{');
            out.push(mark);
            return Ok(inside);
        }
        Fate::Refused => return Err(NotTypeset::NotUnderstood),
    }
    Ok(behind)
}

/// Whether a command's argument is text. Without braces the parser would take all that comes.
fn takes_text(name: &str) -> bool {
    name.starts_with("text") && name != "textstyle" && name != "textcolor"
        || matches!(name, "operatorname" | "mbox" | "hbox" | "fbox" | "mathop")
}

fn text<'a>(out: &mut String, name: &str, behind: &'a str) -> Result<&'a str, NotTypeset> {
    let (command, behind) = match (fate(name), behind.strip_prefix('*')) {
        // Its limits stand above and below.
        (_, Some(behind)) if name == "operatorname" => ("mathop", behind),
        (Fate::Is(other), _) => (other, behind),
        _ => (name, behind),
    };
    if !behind.trim_start().starts_with('{') {
        return Err(NotTypeset::NotUnderstood);
    }
    out.push('\\');
    out.push_str(command);
    Ok(behind)
}

/// Environments that are nearly another one, and column widths that are taken as they come.
fn environment<'a>(out: &mut String, command: &str, rest: &'a str) -> &'a str {
    let known = group(rest).map(|(name, behind)| {
        let name = match name {
            "flalign" | "eqnarray" => "align",
            "flalign*" | "eqnarray*" => "align*",
            name => name,
        };
        (name, behind)
    });
    out.push('\\');
    out.push_str(command);
    let Some((name, behind)) =
        known.filter(|(name, _)| name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'*'))
    else {
        return rest;
    };
    out.push('{');
    out.push_str(name);
    out.push('}');
    match group(behind).filter(|_| command == "begin" && matches!(name, "array" | "darray")) {
        Some((columns, behind)) => {
            out.push('{');
            out.extend(columns.replace("@{}", "").chars().filter(|c| !c.is_whitespace()));
            out.push('}');
            behind
        }
        None => behind,
    }
}

/// What is in the braces that come next, and what comes behind them.
fn group(text: &str) -> Option<(&str, &str)> {
    let inside = text.trim_start().strip_prefix('{')?;
    let (mut depth, mut escaped) = (0_usize, false);
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some((&inside[..at], &inside[at + 1..])),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Only before a colour: the parser cuts six bytes off without a look.
fn color<'a>(out: &mut String, rest: &'a str) -> Result<&'a str, NotTypeset> {
    let (digits, behind) = rest.split_at_checked(6).ok_or(NotTypeset::NotUnderstood)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(NotTypeset::NotUnderstood);
    }
    out.push('#');
    out.push_str(digits);
    Ok(behind)
}
