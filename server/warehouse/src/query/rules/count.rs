//! How many are left after each condition of a rule, in reading order: everything up to and including the condition is applied, what comes
//! after it is not yet there.

use super::bits::Bits;
use types::rules::Rule;

/// One condition of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionCount {
    /// JSON pointer of the condition inside the rule.
    pub path: String,
    /// Who passes the condition by itself.
    pub alone: u64,
    /// Who is left after it.
    pub left: u64,
}

/// What the rules around a condition make of it: `(it or its complement, inside allowed) or added`. Every chain of all, any and not has
/// this form, so that each condition takes a few operations however deep it stands.
#[derive(Clone)]
struct Around {
    allowed: Bits,
    added: Bits,
    complement: bool,
}

impl Around {
    /// Inside *all*, after those who passed so far.
    fn after_passing(&self, passed: &Bits) -> Around {
        let mut around = self.clone();
        if self.complement {
            // Those who did not pass are in the complement whatever comes.
            around.added = self.added.or(&self.allowed.without(passed));
        }
        around.allowed = self.allowed.and(passed);
        around
    }

    /// Inside *any*, beside those who are in already.
    fn beside(&self, union: &Bits) -> Around {
        let mut around = self.clone();
        if !self.complement {
            around.added = self.added.or(&self.allowed.and(union));
        }
        around.allowed = self.allowed.without(union);
        around
    }

    fn not(&self) -> Around {
        Around {
            complement: !self.complement,
            ..self.clone()
        }
    }

    fn left(&self, of: &Bits) -> u64 {
        let inside = if self.complement {
            self.allowed.without(of)
        } else {
            self.allowed.and(of)
        };
        inside.or(&self.added).count()
    }
}

/// The customers of a rule and its conditions. `known` gives the set of each condition in reading order.
pub(super) fn count(
    rule: &Rule,
    everybody: &Bits,
    known: &mut impl Iterator<Item = Bits>,
) -> (Bits, Vec<ConditionCount>) {
    let mut counts = Vec::new();
    let none = Bits::none(everybody.words().len());
    let around = Around {
        allowed: everybody.clone(),
        added: none.clone(),
        complement: false,
    };
    let mut counter = Counter {
        everybody,
        none,
        known,
        counts: &mut counts,
    };
    let bits = counter.visit(rule, "", &around);
    (bits, counts)
}

struct Counter<'a, I: Iterator<Item = Bits>> {
    everybody: &'a Bits,
    none: Bits,
    known: &'a mut I,
    counts: &'a mut Vec<ConditionCount>,
}

impl<I: Iterator<Item = Bits>> Counter<'_, I> {
    fn visit(&mut self, rule: &Rule, path: &str, around: &Around) -> Bits {
        match rule {
            Rule::All(rules) => {
                let mut passed = self.everybody.clone();
                for (place, rule) in rules.iter().enumerate() {
                    let inner = around.after_passing(&passed);
                    passed = passed.and(&self.visit(rule, &format!("{path}/all/{place}"), &inner));
                }
                passed
            }
            Rule::Any(rules) => {
                let mut union = self.none.clone();
                for (place, rule) in rules.iter().enumerate() {
                    let inner = around.beside(&union);
                    union = union.or(&self.visit(rule, &format!("{path}/any/{place}"), &inner));
                }
                union
            }
            Rule::Not(rule) => {
                let inner = self.visit(rule, &format!("{path}/not"), &around.not());
                self.everybody.without(&inner)
            }
            _ => {
                let bits = self.known.next().unwrap_or_else(|| self.none.clone());
                self.counts.push(ConditionCount {
                    path: path.to_owned(),
                    alone: bits.count(),
                    left: around.left(&bits),
                });
                bits
            }
        }
    }
}
