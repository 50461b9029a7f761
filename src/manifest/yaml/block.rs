use super::Error;
use super::key::Key;
use super::scalar::{is_reserved, push_text};
use super::trace::Trace;
use super::writer::{Lead, Writer};
use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

/// How long the key of `key: value` may be written; readers of every YAML give up looking for the colon then, and want
/// `? key` in a line of its own (YAML 1.2, section 8.2.2: 1,024 characters).
const LONGEST_SIMPLE_KEY: usize = 1024;

/// What is open.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Shape {
    /// Entries with keys.
    Map,
    /// Items with dashes.
    List,
    /// An origin and the value that it belongs to, of which only the value is written.
    Told,
}

/// An open map or list.
pub(super) struct Open<'s, 'a, T> {
    writer: &'s mut Writer<'a, T>,
    shape: Shape,
    /// The indentation outside.
    outer: usize,
    /// What stands before the first entry.
    lead: Lead,
    empty: bool,
    in_variant: bool,
}

impl<'s, 'a, T: Trace> Open<'s, 'a, T> {
    pub(super) fn new(writer: &'s mut Writer<'a, T>, shape: Shape) -> Self {
        let (outer, lead) = (writer.indent, writer.lead);
        if shape != Shape::Told {
            writer.trace.open();
            if lead == Lead::Dash || (lead == Lead::Key && shape == Shape::Map) {
                writer.indent += 2;
            }
        }
        Open { writer, shape, outer, lead, empty: true, in_variant: false }
    }

    /// The same as the only value of a map that began at the indentation `outer` and ends with this.
    pub(super) fn inside_variant(self, outer: usize) -> Self {
        Open { outer, in_variant: true, ..self }
    }

    /// Begins an entry; says whether that is a new line.
    fn entry(&mut self) -> bool {
        if self.empty {
            self.empty = false;
            match self.lead {
                Lead::Key => self.writer.out.push(b'\n'),
                Lead::Dash => return false,
                Lead::Nothing => {}
            }
        }
        self.writer.pad();
        true
    }

    /// Begins an entry of a map, up to its colon.
    pub(super) fn key(&mut self, key: &str) {
        let new_line = self.entry();
        let writer = &mut *self.writer;
        writer.trace.key(key, new_line);
        let start = writer.out.len();
        push_text(writer.out, key);
        if writer.out.len() - start > LONGEST_SIMPLE_KEY {
            writer.out.splice(start..start, *b"? ");
            writer.out.push(b'\n');
            writer.pad();
            writer.trace.line();
        }
        writer.out.push(b':');
        writer.lead = Lead::Key;
    }

    /// Begins an entry of a struct. Its field names are our own, letters and digits that are not looked through again;
    /// those that begin otherwise, and words that some reader takes for something else, are written like any key.
    fn field(&mut self, name: &'static str) {
        if is_reserved(name) || !name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) {
            return self.key(name);
        }
        let new_line = self.entry();
        let writer = &mut *self.writer;
        writer.trace.key(name, new_line);
        writer.out.extend_from_slice(name.as_bytes());
        writer.out.push(b':');
        writer.lead = Lead::Key;
    }

    pub(super) fn pair<V: ?Sized + Serialize>(&mut self, key: &str, value: &V) -> Result<(), Error> {
        self.key(key);
        value.serialize(&mut *self.writer)
    }

    fn item<V: ?Sized + Serialize>(&mut self, value: &V) -> Result<(), Error> {
        if self.shape != Shape::Told {
            let new_line = self.entry();
            self.writer.trace.item(new_line);
            self.writer.out.extend_from_slice(b"- ");
            self.writer.lead = Lead::Dash;
        }
        value.serialize(&mut *self.writer)
    }

    pub(super) fn close(self) {
        if self.shape == Shape::Told {
            return self.writer.trace.leave();
        }
        self.writer.indent = self.outer;
        if self.empty {
            self.writer.lead = self.lead;
            self.writer.scalar(if self.shape == Shape::Map { b"{}" } else { b"[]" });
        }
        self.writer.trace.close();
        if self.in_variant {
            self.writer.trace.close();
        }
    }
}

macro_rules! lists {
    ($($trait:ident::$method:ident)*) => {$(
        impl<T: Trace> $trait for Open<'_, '_, T> {
            type Ok = ();
            type Error = Error;

            fn $method<V: ?Sized + Serialize>(&mut self, value: &V) -> Result<(), Error> {
                self.item(value)
            }

            fn end(self) -> Result<(), Error> {
                self.close();
                Ok(())
            }
        }
    )*};
}

lists! {
    SerializeSeq::serialize_element
    SerializeTuple::serialize_element
    SerializeTupleStruct::serialize_field
    SerializeTupleVariant::serialize_field
}

macro_rules! structs {
    ($($trait:ident)*) => {$(
        impl<T: Trace> $trait for Open<'_, '_, T> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<V: ?Sized + Serialize>(&mut self, key: &'static str, value: &V) -> Result<(), Error> {
                self.field(key);
                value.serialize(&mut *self.writer)
            }

            fn end(self) -> Result<(), Error> {
                self.close();
                Ok(())
            }
        }
    )*};
}

structs! { SerializeStruct SerializeStructVariant }

impl<T: Trace> SerializeMap for Open<'_, '_, T> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<K: ?Sized + Serialize>(&mut self, key: &K) -> Result<(), Error> {
        key.serialize(Key(self))
    }

    fn serialize_value<V: ?Sized + Serialize>(&mut self, value: &V) -> Result<(), Error> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}
