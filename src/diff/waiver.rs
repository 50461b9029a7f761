use super::{Finding, Object, Place, Side, Which};
use crate::source::Span;
use crate::value::{Date, Risk};
use crate::verbatim::{Entry, Node, Value, unescaped};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// What people say of a comparison before it is made: fields that are not theirs, and risks that they take.
#[derive(Clone, Debug, Default)]
pub struct Waivers {
    /// Fields that another controller writes.
    pub ignores: Vec<Ignore>,
    /// Risks that are taken.
    pub accepts: Vec<Accept>,
    /// How risky classes of changes are in this environment, where it says so.
    pub risks: BTreeMap<SmolStr, Risk>,
    /// The lines by which services stand in objects of others, by `name.namespace`: a door of a service is an object of
    /// its gateway.
    pub doors: BTreeMap<SmolStr, Vec<Place>>,
}

/// Why something is waived, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The reason.
    pub text: SmolStr,
    /// The last day on which it counts.
    pub until: Option<Date>,
}

/// Fields of an object that another controller writes.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// The object: `Kind/namespace/name`.
    pub object: SmolStr,
    /// JSON Pointers of the fields.
    pub pointers: Vec<SmolStr>,
    /// Who writes them.
    pub owner: SmolStr,
    /// Why, and until when.
    pub reason: Reason,
}

/// A risk that is taken.
#[derive(Clone, Debug)]
pub struct Accept {
    /// The class of changes.
    pub class: SmolStr,
    /// Of what.
    pub of: Of,
    /// The service that it is of, whose doors are its own too: `name.namespace`.
    pub service: Option<SmolStr>,
    /// Why, and until when.
    pub reason: Reason,
    /// Where it is said, in the intent of the later side.
    pub span: Span,
}

/// What a risk is taken of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// Anything.
    Anything,
    /// An object: `Kind/namespace/name`.
    Object(SmolStr),
    /// Every object whose label of ownership has this value.
    Owner(SmolStr),
}

/// A field that is not compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Ignored {
    /// The object: `Kind/namespace/name`.
    pub object: SmolStr,
    /// The field.
    pub pointer: SmolStr,
    /// Who writes it.
    pub owner: SmolStr,
    /// Why.
    pub reason: SmolStr,
    /// What it said.
    pub before: Option<Node>,
    /// What it says.
    pub after: Option<Node>,
}

impl Reason {
    /// Whether it still counts; where nobody asks for dates, it does.
    pub fn counts(&self, today: Option<Date>) -> bool {
        today.is_none_or(|today| self.until.is_none_or(|until| today <= until))
    }
}

impl Waivers {
    /// With the doors that were there on the earlier side: that one is closed is of its service as well.
    #[must_use]
    pub fn with_doors_before(&self, before: &Waivers) -> Self {
        let mut all = self.clone();
        for (service, doors) in &before.doors {
            let doors = doors.iter().map(|place| Place { side: Which::Before, ..*place });
            all.doors.entry(service.clone()).or_default().extend(doors);
        }
        all
    }

    /// The one that accepts a finding, which is of an object.
    pub(super) fn accepts(&self, finding: &Finding, object: Option<&Object>) -> Option<&Accept> {
        self.accepts.iter().find(|accept| accept.covers(finding, object, &self.doors))
    }
}

impl Accept {
    /// Whether a finding is of what it accepts.
    fn covers(&self, finding: &Finding, object: Option<&Object>, doors: &BTreeMap<SmolStr, Vec<Place>>) -> bool {
        self.class == finding.class.name
            && match &self.of {
                Of::Anything => true,
                Of::Object(of) => *of == finding.object.object_name(),
                Of::Owner(owner) => {
                    let own = self.service.as_ref().and_then(|service| doors.get(service));
                    object.and_then(|object| object.owner.node.as_ref()) == Some(owner)
                        || finding.place.is_some_and(|place| own.is_some_and(|own| own.contains(&place)))
                }
            }
    }

    /// Whether another one says the same, for ever so long.
    pub fn is_same_risk(&self, other: &Accept) -> bool {
        self.class == other.class && self.of == other.of
    }
}

/// Makes the later side say what the earlier one says in fields that are ignored; hands back those that differed.
pub fn ignore(before: &Side, after: &mut Side, ignores: &[Ignore], today: Option<Date>) -> Vec<Ignored> {
    let mut ignored = Vec::new();
    for rule in ignores.iter().filter(|rule| rule.reason.counts(today)) {
        let named = |object: &&Object| object.id.object_name() == rule.object;
        let Some(old) = before.objects().find(named) else { continue };
        let Some(new) = after.get_mut(&old.id) else { continue };
        for pointer in &rule.pointers {
            let (was, is) = (old.body.find(pointer).cloned(), new.body.find(pointer).cloned());
            let differs = match (&was, &is) {
                (Some(was), Some(is)) => !was.value.says_the_same(&is.value),
                (None, None) => false,
                (Some(_), None) | (None, Some(_)) => true,
            };
            if !differs {
                continue;
            }
            new.body.change(|body| put(body, pointer, was.clone()));
            ignored.push(Ignored {
                object: rule.object.clone(),
                pointer: pointer.clone(),
                owner: rule.owner.clone(),
                reason: rule.reason.text.clone(),
                before: was,
                after: is,
            });
        }
    }
    ignored
}

/// Puts a value at a JSON Pointer, or takes what is there away; where the way to it does not exist, nothing happens.
fn put(root: &mut Node, pointer: &str, value: Option<Node>) {
    let Some((way, last)) = pointer.rsplit_once('/') else { return };
    let last = unescaped(last);
    let Some(parent) = root.find_mut(way) else { return };
    match (&mut parent.value, value) {
        (Value::Map(entries), None) => entries.retain(|entry| entry.key != last),
        (Value::Map(entries), Some(node)) => match entries.iter_mut().find(|entry| entry.key == last) {
            Some(entry) => entry.node = node,
            None => entries.push(Entry { key: last.into(), origin: None, node }),
        },
        (Value::List(items), value) => {
            let at = last.parse::<usize>().unwrap_or(usize::MAX);
            match (value, items.get_mut(at)) {
                (Some(node), Some(item)) => *item = node,
                (None, Some(_)) => drop(items.remove(at)),
                (Some(_) | None, None) => {}
            }
        }
        (Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_), _) => {}
    }
}
