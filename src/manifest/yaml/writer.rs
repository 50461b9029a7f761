use super::Error;
use super::block::{Open, Shape};
use super::scalar::{push_integer, push_text};
use super::trace::Trace;
use crate::manifest::traced::{NAME, from_number};
use serde::ser::{Error as _, Serialize, Serializer};

/// Writes one value as a document.
pub(super) struct Writer<'a, T> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) indent: usize,
    pub(super) lead: Lead,
    pub(super) trace: T,
    origin: Awaited,
}

/// What stands before the next value.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Lead {
    /// Nothing: it is the whole document.
    Nothing,
    /// A key and its colon: a scalar writes a space, a map or list a line break.
    Key,
    /// A dash and its space: whatever follows begins in the same line.
    Dash,
}

/// How far a traced value is with telling its origin.
#[derive(Clone, Copy, PartialEq)]
enum Awaited {
    Nothing,
    Pair,
    Origin,
}

impl<'a, T: Trace> Writer<'a, T> {
    pub(super) fn new(out: &'a mut Vec<u8>, trace: T) -> Self {
        Writer { out, indent: 0, lead: Lead::Nothing, trace, origin: Awaited::Nothing }
    }

    pub(super) fn into_trace(self) -> T {
        self.trace
    }

    pub(super) fn pad(&mut self) {
        const SPACES: [u8; 32] = [b' '; 32];
        let end = self.out.len() + self.indent;
        // As many as are known beforehand are a few stores; what is too much is cut off again.
        while self.out.len() < end {
            self.out.extend_from_slice(&SPACES);
        }
        self.out.truncate(end);
    }

    fn begin_scalar(&mut self) {
        match self.lead {
            Lead::Key => self.out.push(b' '),
            Lead::Dash => {}
            Lead::Nothing => self.trace.line(),
        }
    }

    /// Writes what needs no quotes.
    pub(super) fn scalar(&mut self, text: &[u8]) {
        self.begin_scalar();
        self.out.extend_from_slice(text);
        self.out.push(b'\n');
    }

    fn integer(&mut self, negative: bool, magnitude: u64) {
        self.begin_scalar();
        push_integer(self.out, negative, magnitude);
        self.out.push(b'\n');
    }

    fn float(&mut self, finite: bool, mut text: String) -> Result<(), Error> {
        if !finite {
            return Err(Error::custom(format_args!("{text} is no number that every reader knows")));
        }
        if !text.contains('.') {
            text.push_str(".0");
        }
        self.scalar(text.as_bytes());
        Ok(())
    }

    fn open(&mut self, shape: Shape) -> Open<'_, 'a, T> {
        Open::new(self, shape)
    }

    fn open_variant(&mut self, variant: &str, shape: Shape) -> Open<'_, 'a, T> {
        let outer = self.indent;
        self.open(Shape::Map).key(variant);
        self.open(shape).inside_variant(outer)
    }
}

/// Integers that fit into 64 bits.
macro_rules! integers {
    ($($name:ident: $type:ty => $negative:expr;)*) => {$(
        fn $name(self, v: $type) -> Result<(), Error> {
            self.integer($negative(v), v.unsigned_abs().into());
            Ok(())
        }
    )*};
}

macro_rules! naturals {
    ($($name:ident: $type:ty;)*) => {$(
        fn $name(self, v: $type) -> Result<(), Error> {
            self.integer(false, v.into());
            Ok(())
        }
    )*};
}

impl<'s, 'a, T: Trace> Serializer for &'s mut Writer<'a, T> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Open<'s, 'a, T>;
    type SerializeTuple = Open<'s, 'a, T>;
    type SerializeTupleStruct = Open<'s, 'a, T>;
    type SerializeTupleVariant = Open<'s, 'a, T>;
    type SerializeMap = Open<'s, 'a, T>;
    type SerializeStruct = Open<'s, 'a, T>;
    type SerializeStructVariant = Open<'s, 'a, T>;

    integers! {
        serialize_i8: i8 => i8::is_negative;
        serialize_i16: i16 => i16::is_negative;
        serialize_i32: i32 => i32::is_negative;
        serialize_i64: i64 => i64::is_negative;
    }

    naturals! {
        serialize_u8: u8;
        serialize_u16: u16;
        serialize_u32: u32;
        serialize_u64: u64;
    }

    fn is_human_readable(&self) -> bool {
        !(T::LISTENS && self.origin == Awaited::Pair)
    }

    fn serialize_bool(self, v: bool) -> Result<(), Error> {
        self.scalar(if v { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i128(self, v: i128) -> Result<(), Error> {
        self.scalar(v.to_string().as_bytes());
        Ok(())
    }

    fn serialize_u128(self, v: u128) -> Result<(), Error> {
        if T::LISTENS && self.origin == Awaited::Origin {
            self.origin = Awaited::Nothing;
            self.trace.enter(from_number(v), self.lead != Lead::Nothing);
        } else {
            self.scalar(v.to_string().as_bytes());
        }
        Ok(())
    }

    fn serialize_f32(self, v: f32) -> Result<(), Error> {
        self.float(v.is_finite(), v.to_string())
    }

    fn serialize_f64(self, v: f64) -> Result<(), Error> {
        self.float(v.is_finite(), v.to_string())
    }

    fn serialize_char(self, v: char) -> Result<(), Error> {
        self.serialize_str(v.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, v: &str) -> Result<(), Error> {
        self.begin_scalar();
        push_text(self.out, v);
        self.out.push(b'\n');
        Ok(())
    }

    fn serialize_bytes(self, v: &[u8]) -> Result<(), Error> {
        self.collect_seq(v)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.scalar(b"null");
        Ok(())
    }

    fn serialize_some<V: ?Sized + Serialize>(self, v: &V) -> Result<(), Error> {
        v.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_none()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<V: ?Sized + Serialize>(self, name: &'static str, v: &V) -> Result<(), Error> {
        if T::LISTENS && name == NAME {
            self.origin = Awaited::Pair;
        }
        v.serialize(self)
    }

    fn serialize_newtype_variant<V: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        v: &V,
    ) -> Result<(), Error> {
        let mut open = self.open(Shape::Map);
        open.pair(variant, v)?;
        open.close();
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Error> {
        Ok(self.open(Shape::List))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
        Ok(self.open(Shape::List))
    }

    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        if T::LISTENS && name == NAME {
            self.origin = Awaited::Origin;
            return Ok(self.open(Shape::Told));
        }
        Ok(self.open(Shape::List))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        Ok(self.open_variant(variant, Shape::List))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        Ok(self.open(Shape::Map))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, Error> {
        Ok(self.open(Shape::Map))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        Ok(self.open_variant(variant, Shape::Map))
    }
}
