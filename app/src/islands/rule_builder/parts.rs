//! Elements that follow signals. There is one kind of element, one of listeners and one of effects for everything that the builder shows:
//! `view!` makes a type of its own for each place, and their code would be most of what the page loads. Knows nothing of rules.
//!
//! What is made belongs to the owner under which it is made: when that is cleaned up, effects end and listeners are taken off.

use leptos::prelude::*;
use leptos::tachys::renderer::Rndr;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{Element, Event, Node};
use std::rc::Rc;

const SVG: &str = "http://www.w3.org/2000/svg";

/// An element, or several side by side.
#[derive(Clone)]
pub struct Part(Node);

/// Where a text goes that follows signals.
enum Place {
    Text,
    Value,
    Attribute(&'static str),
    /// An attribute that is not there when the text is empty.
    Maybe(&'static str),
}

/// What a signal switches on and off.
enum Switch {
    Class(&'static str),
    Attribute(&'static str),
}

/// An element of HTML.
pub fn part(tag: &str) -> Part {
    Part(Rndr::create_element(tag, None).into())
}

/// An element of SVG.
pub fn shape(tag: &str) -> Part {
    Part(Rndr::create_element(tag, Some(SVG)).into())
}

/// Several parts without an element around them.
pub fn parts(of: impl IntoIterator<Item = Part>) -> Part {
    nothing().children(of)
}

pub fn nothing() -> Part {
    Part(document().create_document_fragment().into())
}

/// An element that exists already; what was in it goes.
pub fn inside(host: &Element) -> Part {
    Rndr::clear_children(host);
    Part(host.clone().into())
}

impl Part {
    fn element(&self) -> &Element {
        self.0.unchecked_ref()
    }

    fn append(&self, child: &Part) {
        let _ = self.0.append_child(&child.0);
    }

    pub fn child(self, child: Part) -> Part {
        self.append(&child);
        self
    }

    pub fn children(self, children: impl IntoIterator<Item = Part>) -> Part {
        for child in children {
            self.append(&child);
        }
        self
    }

    pub fn set(self, name: &str, value: &str) -> Part {
        Rndr::set_attribute(self.element(), name, value);
        self
    }

    pub fn class(self, names: &str) -> Part {
        self.set("class", names)
    }

    pub fn text(self, text: &str) -> Part {
        self.append(&Part(Rndr::create_text_node(text).into()));
        self
    }

    /// A text that changes.
    pub fn says(self, read: impl Fn() -> String + 'static) -> Part {
        let text: Node = Rndr::create_text_node("").into();
        let _ = self.0.append_child(&text);
        follow_text(text, Place::Text, Box::new(read));
        self
    }

    /// An attribute that changes.
    pub fn keeps(self, name: &'static str, read: impl Fn() -> String + 'static) -> Part {
        follow_text(self.0.clone(), Place::Attribute(name), Box::new(read));
        self
    }

    /// An attribute that changes and is not there while it is empty.
    pub fn keeps_some(self, name: &'static str, read: impl Fn() -> String + 'static) -> Part {
        follow_text(self.0.clone(), Place::Maybe(name), Box::new(read));
        self
    }

    /// An attribute that says `true` or `false`.
    pub fn tells(self, name: &'static str, read: impl Fn() -> bool + 'static) -> Part {
        self.keeps(name, move || if read() { "true" } else { "false" }.to_owned())
    }

    /// What stands in a field.
    pub fn value(self, read: impl Fn() -> String + 'static) -> Part {
        follow_text(self.0.clone(), Place::Value, Box::new(read));
        self
    }

    /// An attribute like `hidden` or `disabled`.
    pub fn set_while(self, name: &'static str, read: impl Fn() -> bool + 'static) -> Part {
        follow_switch(self.0.clone(), Switch::Attribute(name), Box::new(read));
        self
    }

    pub fn class_while(self, name: &'static str, read: impl Fn() -> bool + 'static) -> Part {
        follow_switch(self.0.clone(), Switch::Class(name), Box::new(read));
        self
    }

    pub fn on<E: JsCast>(self, kind: &'static str, mut run: impl FnMut(E) + 'static) -> Part {
        self.listen(kind, Box::new(move |event| run(event.unchecked_into())))
    }

    pub fn on_click(self, mut run: impl FnMut() + 'static) -> Part {
        self.listen("click", Box::new(move |_| run()))
    }

    /// Hands on what was typed or chosen.
    pub fn on_value(self, kind: &'static str, run: impl Fn(String) + 'static) -> Part {
        let run: Box<dyn Fn(String)> = Box::new(run);
        self.listen(kind, Box::new(move |event| run(value_of(&event))))
    }

    fn listen(self, kind: &'static str, run: Box<dyn FnMut(JsValue)>) -> Part {
        let listener = Rndr::add_event_listener(self.element(), kind, run);
        // Dropped, it takes itself off.
        on_cleanup(move || drop(listener));
        self
    }

    /// One of several options is the chosen one. Also shown again after `run` got what a person chose, so that the list never says anything else
    /// than what is held.
    pub fn choice(self, options: Vec<(String, Part)>, held: Signal<String>, run: Box<dyn Fn(String)>) -> Part {
        let show = move |chosen: &str| {
            for (value, option) in &options {
                Rndr::set_property(option.element(), "selected", &JsValue::from_bool(value == chosen));
            }
        };
        let show = Rc::new(show);
        let again = Rc::clone(&show);
        let mut shown = None;
        follow(Box::new(move || {
            let chosen = held.get();
            if shown.as_ref() != Some(&chosen) {
                show(&chosen);
                shown = Some(chosen);
            }
        }));
        self.on_value("change", move |value| {
            run(value);
            again(&held.get_untracked());
        })
    }
}

/// What changes as a whole.
pub fn live(make: impl Fn() -> Part + 'static) -> Part {
    between_marks(Box::new(make))
}

fn between_marks(make: Box<dyn Fn() -> Part>) -> Part {
    let (begin, end) = (mark(), mark());
    let whole = parts([begin.clone(), end.clone()]);
    follow(Box::new(move || {
        let fresh = make();
        while let Some(old) = begin.0.next_sibling().filter(|next| *next != end.0) {
            Rndr::remove(&old);
        }
        put_before(&fresh.0, &end.0);
    }));
    whole
}

/// An element for each number. It stays the same as long as its number is there, wherever it moves.
pub fn each(numbers: impl Fn() -> Vec<u32> + 'static, make: impl Fn(u32) -> Part + 'static) -> Part {
    before_mark(Box::new(numbers), Box::new(make))
}

fn before_mark(numbers: Box<dyn Fn() -> Vec<u32>>, make: Box<dyn Fn(u32) -> Part>) -> Part {
    let end = mark();
    let whole = nothing().child(end.clone());
    // The effect's own owner is cleaned up at every run, and what stays must outlive that.
    let around = Owner::current().unwrap_or_default();
    let mut held: Vec<(u32, Owner, Part)> = Vec::new();
    follow(Box::new(move || {
        let wanted = numbers();
        held.retain(|(number, owner, part)| {
            let stays = wanted.contains(number);
            if !stays {
                owner.cleanup();
                Rndr::remove(&part.0);
            }
            stays
        });
        let mut next = end.clone();
        for number in wanted.into_iter().rev() {
            let known = held.iter().find(|(known, ..)| *known == number);
            let part = known.map(|(.., part)| part.clone()).unwrap_or_else(|| {
                let owner = around.child();
                let part = untrack(|| owner.with(|| make(number)));
                held.push((number, owner, part.clone()));
                part
            });
            // What stands at its place already is not touched: an element that is moved loses the focus.
            if part.0.next_sibling().as_ref() != Some(&next.0) {
                put_before(&part.0, &next.0);
            }
            next = part;
        }
    }));
    whole
}

/// Runs now, and again whenever what it read has changed.
fn follow(mut run: Box<dyn FnMut()>) {
    let effect = RenderEffect::new(move |_| run());
    on_cleanup(move || drop(effect));
}

fn follow_text(node: Node, place: Place, read: Box<dyn Fn() -> String>) {
    let mut shown = None;
    follow(Box::new(move || {
        let text = read();
        // A field is not written to while a person types what is held anyway.
        if shown.as_ref() == Some(&text) {
            return;
        }
        let element: &Element = node.unchecked_ref();
        match place {
            Place::Text => node.set_node_value(Some(&text)),
            Place::Value => Rndr::set_property(element, "value", &JsValue::from_str(&text)),
            Place::Maybe(name) if text.is_empty() => Rndr::remove_attribute(element, name),
            Place::Maybe(name) | Place::Attribute(name) => Rndr::set_attribute(element, name, &text),
        }
        shown = Some(text);
    }));
}

fn follow_switch(node: Node, switch: Switch, read: Box<dyn Fn() -> bool>) {
    follow(Box::new(move || {
        let on = read();
        let element: &Element = node.unchecked_ref();
        let list = element.class_list();
        match switch {
            Switch::Class(name) if on => Rndr::add_class(&list, name),
            Switch::Class(name) => Rndr::remove_class(&list, name),
            Switch::Attribute(name) if on => Rndr::set_attribute(element, name, ""),
            Switch::Attribute(name) => Rndr::remove_attribute(element, name),
        }
    }));
}

fn mark() -> Part {
    Part(Rndr::create_placeholder().into())
}

fn put_before(node: &Node, next: &Node) {
    if let Some(parent) = next.parent_node() {
        let _ = parent.insert_before(node, Some(next));
    }
}

fn value_of(event: &JsValue) -> String {
    event_target_value(event.unchecked_ref::<Event>())
}
