//! What can stand where in the model, known at run time: expressions are judged against it, and it is printed as a schema.

use smol_str::SmolStr;
use std::collections::BTreeMap;

/// What a part of the model can be.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A text.
    Text,
    /// Yes or no.
    Flag,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// This, or null where nobody says it.
    Optional(Box<Shape>),
    /// Several, in order.
    List(Box<Shape>),
    /// Several, by keys of the user's own.
    Table(Box<Shape>),
    /// Fields by name.
    Object(Object),
}

/// An object of the model.
#[derive(Clone, Copy, Debug)]
pub struct Object {
    /// How the schema names it.
    pub name: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// Its fields, in order.
    pub fields: fn() -> Vec<Field>,
}

/// A field of an object.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name: a word, an argument or a property of the language in snake case.
    pub name: &'static str,
    /// What it says.
    pub meaning: &'static str,
    /// What it can be.
    pub shape: Shape,
}

impl Shape {
    /// The object that it is, or that its items are.
    pub fn object(&self) -> Option<Object> {
        match self {
            Shape::Text | Shape::Flag | Shape::Whole | Shape::Number => None,
            Shape::Optional(inner) | Shape::List(inner) | Shape::Table(inner) => inner.object(),
            Shape::Object(object) => Some(*object),
        }
    }
}

impl Object {
    /// The field of this name.
    pub fn field(self, name: &str) -> Option<Field> {
        (self.fields)().into_iter().find(|field| field.name == name)
    }
}

/// What knows its own shape.
pub trait Described {
    /// What it can be.
    fn shape() -> Shape;
}

impl Described for SmolStr {
    fn shape() -> Shape {
        Shape::Text
    }
}

impl Described for bool {
    fn shape() -> Shape {
        Shape::Flag
    }
}

impl Described for i64 {
    fn shape() -> Shape {
        Shape::Whole
    }
}

impl<T: Described> Described for Option<T> {
    fn shape() -> Shape {
        Shape::Optional(Box::new(T::shape()))
    }
}

impl<T: Described> Described for Box<T> {
    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Described> Described for Vec<T> {
    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }
}

impl<T: Described> Described for BTreeMap<SmolStr, T> {
    fn shape() -> Shape {
        Shape::Table(Box::new(T::shape()))
    }
}

/// Declares an object of the model: the struct, how it is written, and its part of the schema, all from one text.
macro_rules! object {
    ($(#[doc = $meaning:literal])+ $name:ident { $($(#[doc = $says:literal])+ $field:ident: $type:ty,)+ }) => {
        $(#[doc = $meaning])+
        #[derive(Clone, Debug, serde::Serialize)]
        #[allow(clippy::struct_field_names, reason = "fields are named as the language names them")]
        pub struct $name { $($(#[doc = $says])+ pub $field: $type,)+ }

        impl $crate::model::schema::Described for $name {
            fn shape() -> $crate::model::schema::Shape {
                $crate::model::schema::Shape::Object($crate::model::schema::Object {
                    name: stringify!($name),
                    meaning: concat!($($meaning),+).trim_ascii(),
                    fields: || vec![$($crate::model::schema::Field {
                        name: stringify!($field).trim_start_matches("r#"),
                        meaning: concat!($($says),+).trim_ascii(),
                        shape: <$type as $crate::model::schema::Described>::shape(),
                    },)+],
                })
            }
        }
    };
}

pub(super) use object;
