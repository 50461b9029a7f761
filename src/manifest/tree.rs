//! A tree from any serializable value, each node with the nearest origin around it.

use super::traced::{NAME, from_number};
use super::yaml::Error;
use crate::source::Origin;
use crate::verbatim::{Entry, Node, Value};
use serde::ser::{
    Error as _, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use smol_str::{SmolStr, format_smolstr};
use std::cell::Cell;

/// The tree that `value` serializes to.
pub(super) fn tree<T: Serialize + ?Sized>(value: &T) -> Result<Node, Error> {
    value.serialize(Tree { origin: None, awaits: Awaits::Nothing })
}

/// Makes one node.
#[derive(Clone, Copy)]
struct Tree<'c> {
    origin: Option<Origin>,
    awaits: Awaits<'c>,
}

/// How far a traced value is with telling its origin.
#[derive(Clone, Copy)]
enum Awaits<'c> {
    Nothing,
    Pair,
    Origin(&'c Cell<Option<Origin>>),
}

impl<'c> Tree<'c> {
    const fn node(self, value: Value) -> Node {
        Node { value, origin: self.origin }
    }

    const fn within(self) -> Self {
        Tree { awaits: Awaits::Nothing, ..self }
    }

    fn list(self, variant: Option<&'static str>, length: usize) -> List<'c> {
        List { tree: self.within(), items: Vec::with_capacity(length), variant, is_told: false }
    }

    fn map(self, variant: Option<&'static str>, length: usize) -> Map<'c> {
        Map { tree: self.within(), entries: Vec::with_capacity(length), key: SmolStr::default(), variant }
    }

    fn of_variant(self, variant: Option<&'static str>, value: Value) -> Node {
        let node = self.node(value);
        let Some(variant) = variant else { return node };
        self.node(Value::Map(vec![Entry { key: SmolStr::new_static(variant), origin: self.origin, node }]))
    }
}

macro_rules! integers {
    ($($name:ident: $type:ty;)*) => {$(
        fn $name(self, v: $type) -> Result<Node, Error> {
            Ok(self.node(Value::Integer(v.into())))
        }
    )*};
}

impl<'c> Serializer for Tree<'c> {
    type Ok = Node;
    type Error = Error;
    type SerializeSeq = List<'c>;
    type SerializeTuple = List<'c>;
    type SerializeTupleStruct = List<'c>;
    type SerializeTupleVariant = List<'c>;
    type SerializeMap = Map<'c>;
    type SerializeStruct = Map<'c>;
    type SerializeStructVariant = Map<'c>;

    integers! {
        serialize_i8: i8;
        serialize_i16: i16;
        serialize_i32: i32;
        serialize_i64: i64;
        serialize_u8: u8;
        serialize_u16: u16;
        serialize_u32: u32;
    }

    fn is_human_readable(&self) -> bool {
        !matches!(self.awaits, Awaits::Pair)
    }

    fn serialize_bool(self, v: bool) -> Result<Node, Error> {
        Ok(self.node(Value::Boolean(v)))
    }

    fn serialize_u64(self, v: u64) -> Result<Node, Error> {
        let whole = i64::try_from(v).map(Value::Integer);
        #[allow(clippy::cast_precision_loss, reason = "what JSON's readers make of such a number")]
        Ok(self.node(whole.unwrap_or(Value::Decimal(v as f64))))
    }

    fn serialize_u128(self, v: u128) -> Result<Node, Error> {
        if let Awaits::Origin(told) = self.awaits {
            told.set(from_number(v));
            return Ok(self.node(Value::Null));
        }
        u64::try_from(v).map_err(Error::custom)?.serialize(self)
    }

    fn serialize_f32(self, v: f32) -> Result<Node, Error> {
        self.serialize_f64(v.to_string().parse().map_err(Error::custom)?)
    }

    fn serialize_f64(self, v: f64) -> Result<Node, Error> {
        match v.is_finite() {
            true => Ok(self.node(Value::Decimal(v))),
            false => Err(Error::custom(format_args!("{v} is no number that every reader knows"))),
        }
    }

    fn serialize_char(self, v: char) -> Result<Node, Error> {
        self.serialize_str(v.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, v: &str) -> Result<Node, Error> {
        Ok(self.node(Value::Text(v.into())))
    }

    fn serialize_bytes(self, v: &[u8]) -> Result<Node, Error> {
        self.collect_seq(v)
    }

    fn serialize_none(self) -> Result<Node, Error> {
        self.serialize_unit()
    }

    fn serialize_some<V: ?Sized + Serialize>(self, v: &V) -> Result<Node, Error> {
        v.serialize(self)
    }

    fn serialize_unit(self) -> Result<Node, Error> {
        Ok(self.node(Value::Null))
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Node, Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Node, Error> {
        Ok(self.node(Value::Text(SmolStr::new_static(variant))))
    }

    fn serialize_newtype_struct<V: ?Sized + Serialize>(self, name: &'static str, v: &V) -> Result<Node, Error> {
        v.serialize(if name == NAME { Tree { awaits: Awaits::Pair, ..self } } else { self })
    }

    fn serialize_newtype_variant<V: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        v: &V,
    ) -> Result<Node, Error> {
        let node = v.serialize(self.within())?;
        Ok(self.of_variant(Some(variant), node.value))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<List<'c>, Error> {
        Ok(self.list(None, length.unwrap_or_default()))
    }

    fn serialize_tuple(self, length: usize) -> Result<List<'c>, Error> {
        Ok(self.list(None, length))
    }

    fn serialize_tuple_struct(self, name: &'static str, length: usize) -> Result<List<'c>, Error> {
        let is_told = matches!(self.awaits, Awaits::Pair) && name == NAME;
        Ok(List { is_told, ..self.list(None, length) })
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<List<'c>, Error> {
        Ok(self.list(Some(variant), length))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Map<'c>, Error> {
        Ok(self.map(None, length.unwrap_or_default()))
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Map<'c>, Error> {
        Ok(self.map(None, length))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Map<'c>, Error> {
        Ok(self.map(Some(variant), length))
    }
}

/// A list while its items come in; or a traced value, whose first item is its origin.
struct List<'c> {
    tree: Tree<'c>,
    items: Vec<Node>,
    variant: Option<&'static str>,
    is_told: bool,
}

impl List<'_> {
    fn item<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        self.items.push(value.serialize(self.tree)?);
        Ok(())
    }

    fn close(self) -> Node {
        self.tree.of_variant(self.variant, Value::List(self.items))
    }
}

impl SerializeSeq for List<'_> {
    type Ok = Node;
    type Error = Error;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }

    fn end(self) -> Result<Node, Error> {
        Ok(self.close())
    }
}

impl SerializeTuple for List<'_> {
    type Ok = Node;
    type Error = Error;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }

    fn end(self) -> Result<Node, Error> {
        Ok(self.close())
    }
}

impl SerializeTupleVariant for List<'_> {
    type Ok = Node;
    type Error = Error;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }

    fn end(self) -> Result<Node, Error> {
        Ok(self.close())
    }
}

impl SerializeTupleStruct for List<'_> {
    type Ok = Node;
    type Error = Error;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        if !std::mem::take(&mut self.is_told) {
            return self.item(value);
        }
        let told = Cell::new(None);
        value.serialize(Tree { awaits: Awaits::Origin(&told), ..self.tree })?;
        // What follows is all that this tells of.
        (self.tree.origin, self.variant) = (told.get().or(self.tree.origin), Some(NAME));
        Ok(())
    }

    fn end(mut self) -> Result<Node, Error> {
        match self.variant {
            Some(NAME) => self.items.pop().ok_or_else(|| Error::custom("an origin of nothing")),
            Some(_) | None => Ok(self.close()),
        }
    }
}

/// A map while its entries come in.
struct Map<'c> {
    tree: Tree<'c>,
    entries: Vec<Entry>,
    key: SmolStr,
    variant: Option<&'static str>,
}

impl Map<'_> {
    fn entry<T: ?Sized + Serialize>(&mut self, key: SmolStr, value: &T) -> Result<(), Error> {
        let node = value.serialize(self.tree)?;
        self.entries.push(Entry { key, origin: node.origin, node });
        Ok(())
    }

    fn close(self) -> Node {
        self.tree.of_variant(self.variant, Value::Map(self.entries))
    }
}

impl SerializeMap for Map<'_> {
    type Ok = Node;
    type Error = Error;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), Error> {
        self.key = match key.serialize(self.tree)?.value {
            Value::Text(text) => text,
            Value::Integer(number) => format_smolstr!("{number}"),
            Value::Boolean(flag) => format_smolstr!("{flag}"),
            Value::Null | Value::Decimal(_) | Value::List(_) | Value::Map(_) => {
                return Err(Error::custom("a key is a string, a number or a boolean"));
            }
        };
        Ok(())
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        let key = std::mem::take(&mut self.key);
        self.entry(key, value)
    }

    fn end(self) -> Result<Node, Error> {
        Ok(self.close())
    }
}

impl SerializeStruct for Map<'_> {
    type Ok = Node;
    type Error = Error;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.entry(SmolStr::new_static(key), value)
    }

    fn end(self) -> Result<Node, Error> {
        Ok(self.close())
    }
}

impl SerializeStructVariant for Map<'_> {
    type Ok = Node;
    type Error = Error;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.entry(SmolStr::new_static(key), value)
    }

    fn end(self) -> Result<Node, Error> {
        Ok(self.close())
    }
}
