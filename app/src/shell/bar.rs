//! The bar above every page: the days that the figures cover, language, colours, account.

use crate::context::{PageContext, Preferences, Theme, encode_pairs};
use crate::i18n::{Lang, named};
use crate::t;
use crate::ui::icon::{Icon, icon};
use leptos::prelude::*;
use types::query::Period;

/// Presets: days up to the last fact.
const PRESETS: [u64; 4] = [7, 30, 90, 365];

pub fn bar(context: &PageContext, with_period: bool, with_comparison: bool) -> AnyView {
    let preferences = Preferences {
        lang: context.lang,
        theme: context.theme,
    };
    let compared = with_comparison.then(|| {
        let before = context.comparison();
        let days = context.format.period(before.from, before.to);
        view! { <span class="bar-compare">{t!(context.lang, "bar-compared", days = days)}</span> }
    });
    view! {
        <header class="bar">
            {with_period.then(|| period(context))}
            {compared}
            <span class="bar-grow"></span>
            {language(preferences.lang, &context.address())}
            {theme(preferences, &context.address())}
            {account(context)}
        </header>
    }
    .into_any()
}

/// Language and colours for pages without a bar.
pub fn switches(preferences: Preferences, address: &str) -> AnyView {
    view! { <div class="auth-foot">{language(preferences.lang, address)}{theme(preferences, address)}</div> }.into_any()
}

fn period(context: &PageContext) -> AnyView {
    let lang = context.lang;
    let current = context.period;
    // The usual period ends with the last fact, so its end is where presets end.
    let usual_end = context.usual_end;
    let preset_of = |days: u64| -> Period { Period::ending(usual_end.pred_opt().unwrap_or(usual_end), days) };
    let preset = PRESETS.into_iter().find(|days| preset_of(*days) == current);
    let title = match preset {
        Some(days) => t!(lang, "bar-last-days", days = days.to_string()),
        None => context.format.period(current.from, current.to),
    };
    let last = current.to.pred_opt().unwrap_or(current.to);
    let other = context.other_pairs();
    let presets = PRESETS
        .into_iter()
        .map(|days| {
            let period = preset_of(days);
            let mut pairs = other.clone();
            pairs.push(("from".into(), period.from.to_string()));
            pairs.push(("to".into(), period.to.to_string()));
            let href = format!("{}?{}", context.path, encode_pairs(&pairs));
            let text = t!(lang, "bar-last-days", days = days.to_string());
            let chosen = (preset == Some(days)).then_some("true");
            view! { <a class="menu-item" href=href aria-current=chosen>{text}</a> }.into_any()
        })
        .collect_view();
    let kept = other
        .into_iter()
        .map(|(key, value)| view! { <input type="hidden" name=key value=value/> }.into_any())
        .collect_view();
    view! {
        <details class="menu" name="bar">
            <summary class="btn">{icon(Icon::Calendar)}{title}</summary>
            <div class="menu-body">
                {presets}
                <hr/>
                <form method="get" action=context.path.clone() class="menu-form">
                    {kept}
                    <div class="field">
                        <label for="bar-from">{t!(lang, "bar-from")}</label>
                        <input class="input" type="date" id="bar-from" name="from" required value=current.from.to_string()/>
                    </div>
                    <div class="field">
                        <label for="bar-until">{t!(lang, "bar-until")}</label>
                        <input class="input" type="date" id="bar-until" name="until" required value=last.to_string()/>
                    </div>
                    <button class="btn" type="submit">{t!(lang, "bar-apply")}</button>
                </form>
            </div>
        </details>
    }
    .into_any()
}

fn language(lang: Lang, address: &str) -> AnyView {
    let other = match lang {
        Lang::En => Lang::ZhCn,
        Lang::ZhCn => Lang::En,
    };
    // The name of a language stands in that language, so that whoever cannot read this page finds it.
    let text = match other {
        Lang::En => "English",
        Lang::ZhCn => "中文",
    };
    view! {
        <form method="post" action="/preferences">
            <input type="hidden" name="back" value=address.to_owned()/>
            <button class="btn btn--quiet" type="submit" name="lang" value=other.code() lang=other.code()>{text}</button>
        </form>
    }
    .into_any()
}

fn theme(preferences: Preferences, address: &str) -> AnyView {
    let Preferences { lang, theme } = preferences;
    let drawing = if theme == Theme::Light { Icon::Sun } else { Icon::Moon };
    let items = Theme::ALL
        .into_iter()
        .map(|choice| {
            let pressed = (choice == theme).then_some("true");
            let text = named(lang, "theme-", choice.as_str());
            view! {
                <button class="menu-item" type="submit" name="theme" value=choice.as_str() aria-pressed=pressed>{text}</button>
            }
            .into_any()
        })
        .collect_view();
    view! {
        <details class="menu menu--end" name="bar">
            <summary class="btn btn--quiet btn--icon" aria-label=t!(lang, "bar-theme") title=t!(lang, "bar-theme")>{icon(drawing)}</summary>
            <div class="menu-body">
                <form method="post" action="/preferences">
                    <input type="hidden" name="back" value=address.to_owned()/>
                    {items}
                </form>
            </div>
        </details>
    }
    .into_any()
}

fn account(context: &PageContext) -> AnyView {
    let lang = context.lang;
    let person = &context.person;
    view! {
        <details class="menu menu--end" name="bar">
            <summary class="bar-account" aria-label=t!(lang, "bar-account")>{initials(&person.name, &person.email)}</summary>
            <div class="menu-body">
                <span class="menu-title">{person.name.clone()}<br/>{person.email.clone()}" · "{named(lang, "role-", person.rights.role.as_str())}</span>
                <a class="menu-item" href="/account">{icon(Icon::Person)}{t!(lang, "nav-account")}</a>
                <form method="post" action="/sign-out">
                    <button class="menu-item" type="submit">{icon(Icon::Back)}{t!(lang, "bar-sign-out")}</button>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// Two letters for a Latin name, the last two characters for a Chinese one.
fn initials(name: &str, email: &str) -> String {
    let name = if name.trim().is_empty() { email } else { name.trim() };
    let words: Vec<&str> = name
        .split([' ', '.', '@', '-'])
        .filter(|word| !word.is_empty())
        .collect();
    if name.is_ascii() {
        let letters: String = words.iter().take(2).filter_map(|word| word.chars().next()).collect();
        letters.to_uppercase()
    } else {
        let all: Vec<char> = name.chars().filter(|c| !c.is_whitespace()).collect();
        all[all.len().saturating_sub(2)..].iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn names_shorten_to_two_letters() {
        assert_eq!(initials("Li Mei", "x@y.z"), "LM");
        assert_eq!(initials("", "ana.lopez@shop.example"), "AL");
        assert_eq!(initials("李小梅", ""), "小梅");
    }
}
