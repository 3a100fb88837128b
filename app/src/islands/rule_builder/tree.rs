//! The rule as it stands on the screen: a tree of groups and conditions that may be half written. Every node keeps its number while it is
//! moved and edited, so that the screen follows it. Pure data: no browser, no words.

/// What a field holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Text,
    Number,
    Date,
    YesNo,
}

impl Kind {
    pub fn parse(text: &str) -> Kind {
        match text {
            "number" => Kind::Number,
            "date" => Kind::Date,
            "yes_no" => Kind::YesNo,
            _ => Kind::Text,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub id: u32,
    pub not: bool,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Group { any: bool, children: Vec<Node> },
    Field { field: String, test: Test },
    Behaviour(Behaviour),
    Sequence { steps: Vec<Step>, within: String },
    Segment(String),
    Run { run: String, key: String },
    Tag(TagNamed),
}

/// A tag, and one value of it unless any will do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TagNamed {
    pub name: String,
    pub value: Option<String>,
}

/// A comparison: `op` as rules write it, except that `eq` and `ne` take any number of values. Values are what was typed; a date may be
/// `ago:30`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Test {
    pub op: String,
    pub values: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Behaviour {
    pub facts: String,
    /// `count`, `orders`, `sum`, …
    pub measure: String,
    /// Of measures of a field.
    pub field: String,
    pub tests: Vec<Test>,
    pub window: Window,
    /// A group of conditions on the fact; empty when there are none.
    pub filter: Box<Node>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub facts: String,
    pub window: Window,
    pub filter: Box<Node>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Window {
    #[default]
    Ever,
    Days(String),
    Dates(String, String),
}

/// Where a node can be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Up,
    Down,
    /// Into the group before it, or into a new group of its own.
    In,
    /// Behind the group that holds it.
    Out,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    pub root: Node,
    next: u32,
}

impl Default for Tree {
    fn default() -> Tree {
        let mut tree = Tree {
            root: Node {
                id: 0,
                not: false,
                what: What::Group {
                    any: false,
                    children: Vec::new(),
                },
            },
            next: 1,
        };
        tree.root.id = tree.number();
        tree
    }
}

impl Node {
    pub fn children(&self) -> &[Node] {
        match &self.what {
            What::Group { children, .. } => children,
            _ => &[],
        }
    }

    fn children_mut(&mut self) -> Option<&mut Vec<Node>> {
        match &mut self.what {
            What::Group { children, .. } => Some(children),
            _ => None,
        }
    }

    pub fn is_group(&self) -> bool {
        matches!(self.what, What::Group { .. })
    }

    /// Nodes directly inside, also the conditions on facts.
    fn inside(&self) -> Vec<&Node> {
        match &self.what {
            What::Group { children, .. } => children.iter().collect(),
            What::Behaviour(of) => vec![&of.filter],
            What::Sequence { steps, .. } => steps.iter().map(|step| step.filter.as_ref()).collect(),
            _ => Vec::new(),
        }
    }

    fn inside_mut(&mut self) -> Vec<&mut Node> {
        match &mut self.what {
            What::Group { children, .. } => children.iter_mut().collect(),
            What::Behaviour(of) => vec![of.filter.as_mut()],
            What::Sequence { steps, .. } => steps.iter_mut().map(|step| step.filter.as_mut()).collect(),
            _ => Vec::new(),
        }
    }

    pub fn find(&self, id: u32) -> Option<&Node> {
        if self.id == id {
            return Some(self);
        }
        self.inside().into_iter().find_map(|node| node.find(id))
    }

    fn find_mut(&mut self, id: u32) -> Option<&mut Node> {
        if self.id == id {
            return Some(self);
        }
        self.inside_mut().into_iter().find_map(|node| node.find_mut(id))
    }

    /// The group that holds a node, and its place there.
    fn holder(&self, id: u32) -> Option<(u32, usize)> {
        if let Some(place) = self.children().iter().position(|node| node.id == id) {
            return Some((self.id, place));
        }
        self.inside().into_iter().find_map(|node| node.holder(id))
    }

    /// Whether conditions stand in it, however deep.
    pub fn is_empty_group(&self) -> bool {
        self.is_group() && self.children().iter().all(Node::is_empty_group)
    }
}

impl Tree {
    pub fn number(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }

    pub fn group(&mut self, any: bool, children: Vec<Node>) -> Node {
        self.node(What::Group { any, children })
    }

    pub fn node(&mut self, what: What) -> Node {
        Node {
            id: self.number(),
            not: false,
            what,
        }
    }

    pub fn find(&self, id: u32) -> Option<&Node> {
        self.root.find(id)
    }

    pub fn edit(&mut self, id: u32, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.root.find_mut(id) {
            change(node);
        }
    }

    /// Puts a node at a place of a group; behind the last when there are fewer.
    pub fn insert(&mut self, group: u32, place: usize, node: Node) {
        if let Some(children) = self.root.find_mut(group).and_then(Node::children_mut) {
            children.insert(place.min(children.len()), node);
        }
    }

    pub fn append(&mut self, group: u32, node: Node) {
        self.insert(group, usize::MAX, node);
    }

    pub fn remove(&mut self, id: u32) -> Option<Node> {
        let (group, place) = self.root.holder(id)?;
        let children = self.root.find_mut(group)?.children_mut()?;
        Some(children.remove(place))
    }

    /// The same once more, behind itself.
    pub fn copy(&mut self, id: u32) -> Option<u32> {
        let (group, place) = self.root.holder(id)?;
        let mut node = self.root.find(id)?.clone();
        self.renumber(&mut node);
        let copy = node.id;
        self.insert(group, place + 1, node);
        Some(copy)
    }

    fn renumber(&mut self, node: &mut Node) {
        node.id = self.number();
        for inner in node.inside_mut() {
            self.renumber(inner);
        }
    }

    /// Whether a node can be moved so.
    pub fn can(&self, id: u32, to: Move) -> bool {
        let Some((group, place)) = self.root.holder(id) else {
            return false;
        };
        let last = self.find(group).map_or(0, |group| group.children().len());
        match to {
            Move::Up => place > 0,
            Move::Down => place + 1 < last,
            Move::In => true,
            // The conditions on a fact stay with the fact: their outermost group is in no other group.
            Move::Out => self.root.holder(group).is_some(),
        }
    }

    pub fn shift(&mut self, id: u32, to: Move) {
        if !self.can(id, to) {
            return;
        }
        let Some((group, place)) = self.root.holder(id) else {
            return;
        };
        let outer = self.root.holder(group);
        let before = place
            .checked_sub(1)
            .and_then(|before| self.find(group)?.children().get(before))
            .filter(|node| node.is_group())
            .map(|node| node.id);
        let Some(node) = self.remove(id) else { return };
        match (to, before, outer) {
            (Move::Up, ..) => self.insert(group, place - 1, node),
            (Move::Down, ..) => self.insert(group, place + 1, node),
            (Move::In, Some(before), _) => self.append(before, node),
            (Move::In, None, _) => {
                // A new group says the other word than the one around it; otherwise it would change nothing.
                let any = matches!(
                    self.find(group).map(|group| &group.what),
                    Some(What::Group { any: false, .. })
                );
                let wrapped = self.group(any, vec![node]);
                self.insert(group, place, wrapped);
            }
            (Move::Out, _, Some((outer, at))) => self.insert(outer, at + 1, node),
            (Move::Out, _, None) => self.insert(group, place, node),
        }
    }

    /// Puts a node before another one, or at the end of a group. Nothing goes into itself, nor out of the conditions on a fact.
    pub fn drop_at(&mut self, id: u32, target: u32) {
        let Some(moved) = self.find(id) else { return };
        if id == target || moved.find(target).is_some() || self.realm(id) != self.realm(target) {
            return;
        }
        let into = self.find(target).is_some_and(Node::is_group) && self.root.holder(target).is_none();
        let Some(node) = self.remove(id) else { return };
        if into {
            return self.append(target, node);
        }
        match self.root.holder(target) {
            Some((group, place)) => self.insert(group, place, node),
            None => self.append(self.root.id, node),
        }
    }

    /// Puts a node at the end of a group.
    pub fn drop_into(&mut self, id: u32, group: u32) {
        let Some(moved) = self.find(id) else { return };
        if moved.find(group).is_some() || self.realm(id) != self.realm(group) {
            return;
        }
        if let Some(node) = self.remove(id) {
            self.append(group, node);
        }
    }

    /// The outermost group around a node that is in no other group: that of the rule, or that of the conditions on one fact.
    pub fn realm(&self, id: u32) -> u32 {
        let mut at = id;
        while let Some((group, _)) = self.root.holder(at) {
            at = group;
        }
        at
    }

    /// How deep a node stands in groups.
    pub fn depth(&self, id: u32) -> usize {
        let (mut at, mut depth) = (id, 0);
        while let Some((group, _)) = self.root.holder(at) {
            at = group;
            depth += 1;
        }
        depth
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(tree: &mut Tree, name: &str) -> u32 {
        let node = tree.node(What::Segment(name.into()));
        let id = node.id;
        let root = tree.root.id;
        tree.append(root, node);
        id
    }

    fn said(node: &Node) -> String {
        match &node.what {
            What::Group { any, children } => {
                let inner: Vec<String> = children.iter().map(said).collect();
                format!("{}({})", if *any { "any" } else { "all" }, inner.join(" "))
            }
            What::Segment(name) => name.clone(),
            _ => "?".into(),
        }
    }

    #[test]
    fn conditions_move_in_and_out_of_groups() {
        let mut tree = Tree::default();
        let (a, b, c) = (
            segment(&mut tree, "a"),
            segment(&mut tree, "b"),
            segment(&mut tree, "c"),
        );
        tree.shift(b, Move::Up);
        assert_eq!(said(&tree.root), "all(b a c)");
        tree.shift(b, Move::Up);
        assert_eq!(said(&tree.root), "all(b a c)");
        tree.shift(a, Move::In);
        assert_eq!(said(&tree.root), "all(b any(a) c)");
        tree.shift(c, Move::In);
        assert_eq!(said(&tree.root), "all(b any(a c))");
        assert_eq!(tree.depth(c), 2);
        tree.shift(a, Move::Out);
        assert_eq!(said(&tree.root), "all(b any(c) a)");
        assert!(!tree.can(a, Move::Out) && tree.can(c, Move::Out));
        let copy = tree.copy(c).unwrap();
        assert_eq!(said(&tree.root), "all(b any(c c) a)");
        assert_ne!(copy, c);
        tree.remove(copy);
        assert_eq!(said(&tree.root), "all(b any(c) a)");
    }

    #[test]
    fn nothing_is_dropped_into_itself() {
        let mut tree = Tree::default();
        let (a, b) = (segment(&mut tree, "a"), segment(&mut tree, "b"));
        tree.shift(b, Move::In);
        let (group, _) = tree.root.holder(b).unwrap();
        tree.drop_at(group, b);
        tree.drop_into(group, group);
        assert_eq!(said(&tree.root), "all(a any(b))");
        tree.drop_at(a, b);
        assert_eq!(said(&tree.root), "all(any(a b))");
        tree.drop_into(b, tree.root.id);
        assert_eq!(said(&tree.root), "all(any(a) b)");
    }

    #[test]
    fn conditions_on_facts_stay_with_their_fact() {
        let mut tree = Tree::default();
        let a = segment(&mut tree, "a");
        let mut filter = tree.group(false, Vec::new());
        let inner = tree.node(What::Segment("x".into()));
        let inner_id = inner.id;
        if let What::Group { children, .. } = &mut filter.what {
            children.push(inner);
        }
        let behaviour = tree.node(What::Behaviour(Behaviour {
            facts: "orders".into(),
            measure: "count".into(),
            field: String::new(),
            tests: Vec::new(),
            window: Window::Ever,
            filter: Box::new(filter),
        }));
        let root = tree.root.id;
        tree.append(root, behaviour);
        let before = tree.clone();
        tree.drop_at(inner_id, a);
        tree.drop_into(a, tree.realm(inner_id));
        assert_eq!(tree, before);
        assert!(!tree.can(inner_id, Move::Out));
        assert!(tree.find(inner_id).is_some());
    }
}
