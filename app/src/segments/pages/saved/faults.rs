//! What is wrong with a rule, in the reader's language. The engine speaks English; a sentence that is not known here stays as it is.

use crate::i18n::{Lang, find};
use crate::said;

const KNOWN: [&str; 10] = [
    "no-field",
    "op-not-fit",
    "value-not-fit",
    "no-segment",
    "no-run",
    "circle",
    "missing",
    "no-condition",
    "list",
    "two",
];

pub fn fault(lang: Lang, english: &str) -> String {
    KNOWN
        .iter()
        .find_map(|key| said::again(lang, english, |lang| find(lang, &format!("builder-fault-{key}"))))
        .unwrap_or_else(|| said::reason(lang, english))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use types::rules::{Rule, validate};

    #[test]
    fn faults_of_rules_are_said_in_chinese() {
        for rule in [
            json!({"field": "weather", "op": "is_set"}),
            json!({"field": "city", "op": "gt", "value": "A"}),
            json!({"field": "age", "op": "ge", "value": "old"}),
            json!({"orders": {"count": {"ge": 1}, "where": {"field": "weather", "op": "is_set"}}}),
            json!({"field": "age", "op": "ge"}),
            json!({"weather": 1}),
            json!({"field": "city", "op": "in", "value": "Paris"}),
            json!({"field": "age", "op": "between", "value": 3}),
        ] {
            let problems = match Rule::of_json(&rule) {
                Ok(rule) => validate(&rule, &|_| None),
                Err(problems) => problems,
            };
            let problem = problems.first().unwrap_or_else(|| panic!("{rule} is good"));
            assert_eq!(fault(Lang::En, &problem.reason), problem.reason);
            let said = fault(Lang::ZhCn, &problem.reason);
            assert!(!said.is_ascii() && said != problem.reason, "{said}");
        }
        assert_eq!(fault(Lang::ZhCn, "segment 7 does not exist"), "分群 7 不存在");
        assert!(fault(Lang::ZhCn, "leads back to itself: A (1) → B (2) → A (1)").contains("A (1) → B (2)"));
    }
}
