//! Groups: all of these or any of these, what stands in them, and the ways to add, move, turn round and remove.

use super::behaviour;
use super::condition::{self, choose, choose_among};
use super::state::Builder;
use super::tree::{Behaviour, Move, Node, Step, TagNamed, Test, Tree, What, Window};
use crate::islands::browser;
use leptos::ev::{DragEvent, KeyboardEvent, MouseEvent};
use leptos::prelude::*;

/// The whole rule with its own bar.
pub fn whole(builder: Builder) -> AnyView {
    let root = Memo::new(move |_| builder.tree.with(|tree| tree.root.id));
    let scope = Signal::stored("customers".to_owned());
    view! {
        <div class="builder-bar">
            <h2>{builder.word("rule")}</h2>
            <span class="builder-bar-grow"></span>
            <button class="btn btn--quiet btn--small" type="button" disabled=move || !builder.can_undo() on:click=move |_| builder.undo()>
                {builder.word("undo")}
            </button>
            <button class="btn btn--quiet btn--small" type="button" disabled=move || !builder.can_redo() on:click=move |_| builder.redo()>
                {builder.word("redo")}
            </button>
        </div>
        <p class="notice notice--warn" hidden=move || !builder.unreadable.get()>{builder.word("unreadable")}</p>
        {move || group(builder, root.get(), scope)}
    }
    .into_any()
}

/// The inside of a group.
pub fn group(builder: Builder, id: u32, scope: Signal<String>) -> AnyView {
    let any = Memo::new(move |_| {
        builder.tree.with(|tree| {
            matches!(
                tree.find(id).map(|node| &node.what),
                Some(What::Group { any: true, .. })
            )
        })
    });
    let children = Memo::new(move |_| {
        builder.tree.with(|tree| {
            let ids = tree
                .find(id)
                .map(|node| node.children().iter().map(|child| child.id).collect::<Vec<_>>());
            ids.unwrap_or_default()
        })
    });
    let not = negated(builder, id);
    let set_any = move |value: String| {
        builder.change("", |tree| {
            tree.edit(id, |node| {
                if let What::Group { any, .. } = &mut node.what {
                    *any = value == "any";
                }
            });
        });
    };
    let words = vec![
        ("all".to_owned(), builder.word("all")),
        ("any".to_owned(), builder.word("any")),
    ];
    let chosen = Signal::derive(move || if any.get() { "any" } else { "all" }.to_owned());
    let over = RwSignal::new(false);
    let allow = move |event: DragEvent| {
        if builder.dragged.get_untracked().is_some() {
            event.prevent_default();
            event.stop_propagation();
            over.set(true);
        }
    };
    let drop = move |event: DragEvent| {
        event.prevent_default();
        event.stop_propagation();
        over.set(false);
        if let Some(moved) = builder.dragged.get_untracked() {
            builder.dragged.set(None);
            builder.change("", |tree| tree.drop_into(moved, id));
        }
    };
    let empty = move || children.with(Vec::is_empty);
    view! {
        <div class="rule-group" class:rule-group--any=any class:rule-group--not=not>
            <div class="rule-group-head">
                {toggle_not(builder, id)}
                {choose(builder.word("joined"), words, chosen, set_any)}
                <span class="soft">{builder.word("of-these")}</span>
            </div>
            <ul class="rule-list">
                <For each=move || children.get() key=|child| *child let:child>
                    {item(builder, child, scope)}
                </For>
            </ul>
            <p class="rule-none" hidden=move || !empty()>{builder.word("none")}</p>
            <div
                class="rule-add"
                class:rule-over=over
                on:dragover=allow
                on:dragleave=move |_| over.set(false)
                on:drop=drop
            >
                {adder(builder, id, scope)}
                <button
                    class="btn btn--quiet btn--small"
                    type="button"
                    on:click=move |_| {
                        builder.change("", |tree| {
                            let any = !matches!(tree.find(id).map(|node| &node.what), Some(What::Group { any: true, .. }));
                            let inner = tree.group(any, Vec::new());
                            tree.append(id, inner);
                        })
                    }
                >
                    {builder.word("add-group")}
                </button>
            </div>
        </div>
    }
    .into_any()
}

fn negated(builder: Builder, id: u32) -> Memo<bool> {
    Memo::new(move |_| builder.tree.with(|tree| tree.find(id).is_some_and(|node| node.not)))
}

fn toggle_not(builder: Builder, id: u32) -> AnyView {
    let not = negated(builder, id);
    view! {
        <button
            class="rule-not"
            type="button"
            aria-pressed=move || if not.get() { "true" } else { "false" }
            on:click=move |_| builder.change("", |tree| tree.edit(id, |node| node.not = !node.not))
        >
            {builder.word("not")}
        </button>
    }
    .into_any()
}

/// One entry of a group: a condition or another group, with its handle, its count and its menu.
fn item(builder: Builder, id: u32, scope: Signal<String>) -> AnyView {
    let shape = Memo::new(move |_| builder.tree.with(|tree| tree.find(id).map(shape_of)));
    let is_group = move || shape.get() == Some(0);
    let over = RwSignal::new(false);
    let left = move || {
        let place = builder.answered.with(|places| {
            places
                .iter()
                .find(|(_, node)| *node == id)
                .map(|(place, _)| place.clone())
        })?;
        builder
            .live
            .with(|live| live.left.iter().find(|left| left.path == place).cloned())
    };
    let fault = move || {
        builder.live.with(|live| {
            builder.answered.with(|places| {
                let own = live.faults.iter().filter(|(at, _)| node_at(places, at) == Some(id));
                own.map(|(_, text)| text.clone()).collect::<Vec<_>>().join(" ")
            })
        })
    };
    let unfinished = move || builder.written.with(|written| written.unfinished.contains(&id));
    let body = move || match shape.get() {
        Some(0) => group(builder, id, scope),
        Some(1) => condition::field(builder, id, scope),
        Some(2) => behaviour::behaviour(builder, id),
        Some(3) => behaviour::sequence(builder, id),
        Some(4) => condition::segment(builder, id),
        Some(5) => condition::run(builder, id),
        Some(_) => condition::tag(builder, id),
        None => ().into_any(),
    };
    let allow = move |event: DragEvent| {
        if builder.dragged.get_untracked().is_some_and(|moved| moved != id) {
            event.prevent_default();
            event.stop_propagation();
            over.set(true);
        }
    };
    let drop = move |event: DragEvent| {
        event.prevent_default();
        event.stop_propagation();
        over.set(false);
        if let Some(moved) = builder.dragged.get_untracked() {
            builder.dragged.set(None);
            builder.change("", |tree| tree.drop_at(moved, id));
        }
    };
    let keys = move |event: KeyboardEvent| {
        let to = match event.key().as_str() {
            "ArrowUp" => Move::Up,
            "ArrowDown" => Move::Down,
            "ArrowRight" => Move::In,
            "ArrowLeft" => Move::Out,
            _ => return,
        };
        if event.alt_key() {
            event.prevent_default();
            event.stop_propagation();
            shift(builder, id, to);
        }
    };
    view! {
        <li
            class="rule-item"
            class:rule-item--group=is_group
            class:rule-over=over
            class:rule-dragged=move || builder.dragged.get() == Some(id)
            on:keydown=keys
            on:dragover=allow
            on:dragleave=move |_| over.set(false)
            on:drop=drop
        >
            <span
                class="rule-handle"
                draggable="true"
                aria-hidden="true"
                on:dragstart=move |event| {
                    browser::begin_drag(&event);
                    builder.dragged.set(Some(id));
                }
                on:dragend=move |_| builder.dragged.set(None)
            ></span>
            <div class="rule-body">
                <div class="rule-line">
                    {move || (!is_group()).then(|| toggle_not(builder, id))}
                    {body}
                </div>
                <p class="fault" role="alert" hidden=move || fault().is_empty()>{fault}</p>
                <p class="rule-unfinished" hidden=move || is_group() || !unfinished()>{builder.word("unfinished")}</p>
            </div>
            <div class="rule-end">
                {move || left().map(|left| {
                    view! {
                        <span class="rule-left" title=left.alone.clone()>
                            <b>{left.left.clone()}</b>
                            <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                                <rect width="100" height="4" rx="2" class="fill-sunken"/>
                                <rect width=format!("{:.2}", left.fraction.clamp(0.0, 1.0) * 100.0) height="4" rx="2" class="fill-d1"/>
                            </svg>
                            <span class="unseen">{left.alone.clone()}</span>
                        </span>
                    }
                    .into_any()
                })}
                {menu(builder, id)}
            </div>
        </li>
    }
    .into_any()
}

/// The node in whose JSON a place lies.
fn node_at(places: &[(String, u32)], at: &str) -> Option<u32> {
    let inside = places.iter().filter(|(place, _)| {
        at.strip_prefix(place.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    inside.max_by_key(|(place, _)| place.len()).map(|(_, node)| *node)
}

fn shape_of(node: &Node) -> u8 {
    match node.what {
        What::Group { .. } => 0,
        What::Field { .. } => 1,
        What::Behaviour(_) => 2,
        What::Sequence { .. } => 3,
        What::Segment(_) => 4,
        What::Run { .. } => 5,
        What::Tag(_) => 6,
    }
}

fn shift(builder: Builder, id: u32, to: Move) {
    if builder.tree.with_untracked(|tree| tree.can(id, to)) {
        builder.change("", |tree| tree.shift(id, to));
        browser::focus_soon(&format!("rule-menu-{id}"));
    }
}

fn menu(builder: Builder, id: u32) -> AnyView {
    let open = move || builder.menu.get() == Some(id);
    let toggle = move |event: MouseEvent| {
        event.stop_propagation();
        builder
            .menu
            .update(|menu| *menu = if *menu == Some(id) { None } else { Some(id) });
    };
    let moving = move |to: Move, word: &'static str, keys: &'static str| {
        let can = builder.tree.with_untracked(|tree| tree.can(id, to));
        view! {
            <button class="menu-item" type="button" disabled=!can on:click=move |_| shift(builder, id, to)>
                {builder.word(word)}<kbd>{keys}</kbd>
            </button>
        }
        .into_any()
    };
    view! {
        <div class="menu menu--end rule-menu">
            <button
                class="btn btn--quiet btn--icon btn--small"
                type="button"
                id=format!("rule-menu-{id}")
                aria-expanded=move || if open() { "true" } else { "false" }
                aria-label=builder.word("actions")
                on:click=toggle
            >
                "⋯"
            </button>
            {move || open().then(|| view! {
                <div class="menu-body">
                    {moving(Move::Up, "up", "Alt ↑")}
                    {moving(Move::Down, "down", "Alt ↓")}
                    {moving(Move::In, "in", "Alt →")}
                    {moving(Move::Out, "out", "Alt ←")}
                    <button
                        class="menu-item"
                        type="button"
                        on:click=move |_| builder.change("", |tree| { tree.copy(id); })
                    >
                        {builder.word("copy")}
                    </button>
                    <button
                        class="menu-item menu-item--bad"
                        type="button"
                        on:click=move |_| builder.change("", |tree| { tree.remove(id); })
                    >
                        {builder.word("remove")}
                    </button>
                </div>
            }.into_any())}
        </div>
    }
    .into_any()
}

/// The list of everything that a condition can be about; choosing adds it.
fn adder(builder: Builder, id: u32, scope: Signal<String>) -> AnyView {
    let add = move |what: String| {
        if what.is_empty() {
            return;
        }
        let mut added = None;
        builder.change("", |tree| {
            let node = fresh(builder, tree, &what, &scope.get_untracked());
            added = Some(node.id);
            tree.append(id, node);
        });
        if let Some(added) = added {
            browser::focus_soon(&format!("rule-first-{added}"));
        }
    };
    // A list that was chosen from is made anew, so that it shows the word that invites again.
    let made = RwSignal::new(0_u32);
    let list = move || {
        made.get();
        let mut parts = vec![(String::new(), vec![(String::new(), builder.word("add"))])];
        parts.extend(kinds(builder, &scope.get()));
        let take = move |what: String| {
            add(what);
            made.update(|made| *made += 1);
        };
        choose_among(
            builder.word("add-label"),
            String::new(),
            "rule-adder",
            parts,
            Signal::stored(String::new()),
            take,
        )
    };
    view! { {list} }.into_any()
}

/// What a condition can be about, under headings.
fn kinds(builder: Builder, scope: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut parts = condition::field_parts(builder, scope, "field:");
    if scope == "customers" {
        let does = super::json::FACTS.map(|facts| (format!("facts:{facts}"), builder.word(&format!("facts-{facts}"))));
        let mut does = does.to_vec();
        does.push(("sequence".to_owned(), builder.word("sequence")));
        parts.insert(0, (builder.word("does"), does));
        let mut belongs = vec![("segment".to_owned(), builder.word("segment"))];
        if builder.seed.with_value(|seed| !seed.runs.is_empty()) {
            belongs.push(("run".to_owned(), builder.word("run")));
        }
        if builder.seed.with_value(|seed| !seed.tags.is_empty()) {
            belongs.push(("tag".to_owned(), builder.word("tag")));
        }
        parts.insert(1, (builder.word("belongs"), belongs));
    }
    parts
}

/// A new condition, with what most people mean.
fn fresh(builder: Builder, tree: &mut Tree, what: &str, scope: &str) -> Node {
    let filter = |tree: &mut Tree| Box::new(tree.group(false, Vec::new()));
    let first = |of: &dyn Fn(&super::seed::BuilderSeed) -> Option<String>| {
        builder.seed.with_value(|seed| of(seed)).unwrap_or_default()
    };
    let content = match what.split_once(':') {
        Some(("field", name)) => What::Field {
            field: name.to_owned(),
            test: Test {
                op: condition::usual_op(builder.kind(scope, name)).to_owned(),
                values: Vec::new(),
            },
        },
        Some(("facts", facts)) => What::Behaviour(Behaviour {
            facts: facts.to_owned(),
            measure: "count".to_owned(),
            field: String::new(),
            tests: vec![Test {
                op: "ge".to_owned(),
                values: vec!["1".to_owned()],
            }],
            window: Window::Ever,
            filter: filter(tree),
        }),
        _ if what == "sequence" => What::Sequence {
            steps: ["interactions", "orders"]
                .map(|facts| Step {
                    facts: facts.to_owned(),
                    window: Window::Ever,
                    filter: filter(tree),
                })
                .to_vec(),
            within: "14".to_owned(),
        },
        _ if what == "run" => What::Run {
            run: first(&|seed| seed.runs.first().map(|run| run.id.clone())),
            key: first(&|seed| seed.runs.first()?.groups.first().map(|(key, _)| key.clone())),
        },
        _ if what == "tag" => What::Tag(TagNamed {
            name: first(&|seed| seed.tags.first().map(|(name, _)| name.clone())),
            value: None,
        }),
        _ => What::Segment(first(&|seed| seed.segments.first().map(|(id, _)| id.clone()))),
    };
    tree.node(content)
}
