use super::Error;
use super::block::Open;
use super::trace::Trace;
use serde::ser::{Error as _, Impossible, Serialize, Serializer};

/// Writes the key of a map entry. Keys are strings, as in JSON: a number or boolean is written as the string of it.
pub(super) struct Key<'k, 's, 'a, T>(pub(super) &'k mut Open<'s, 'a, T>);

type No = Impossible<(), Error>;

fn no_key<T>() -> Result<T, Error> {
    Err(Error::custom("a key is a string, a number or a boolean"))
}

macro_rules! printed {
    ($($name:ident: $type:ty;)*) => {$(
        fn $name(self, v: $type) -> Result<(), Error> {
            self.serialize_str(&v.to_string())
        }
    )*};
}

impl<T: Trace> Serializer for Key<'_, '_, '_, T> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = No;
    type SerializeTuple = No;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = No;
    type SerializeStruct = No;
    type SerializeStructVariant = No;

    printed! {
        serialize_bool: bool;
        serialize_i8: i8;
        serialize_i16: i16;
        serialize_i32: i32;
        serialize_i64: i64;
        serialize_i128: i128;
        serialize_u8: u8;
        serialize_u16: u16;
        serialize_u32: u32;
        serialize_u64: u64;
        serialize_u128: u128;
        serialize_f32: f32;
        serialize_f64: f64;
        serialize_char: char;
    }

    fn serialize_str(self, v: &str) -> Result<(), Error> {
        self.0.key(v);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Error> {
        no_key()
    }

    fn serialize_none(self) -> Result<(), Error> {
        no_key()
    }

    fn serialize_some<V: ?Sized + Serialize>(self, v: &V) -> Result<(), Error> {
        v.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        no_key()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        no_key()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<V: ?Sized + Serialize>(self, _: &'static str, v: &V) -> Result<(), Error> {
        v.serialize(self)
    }

    fn serialize_newtype_variant<V: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &V,
    ) -> Result<(), Error> {
        no_key()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<No, Error> {
        no_key()
    }

    fn serialize_tuple(self, _: usize) -> Result<No, Error> {
        no_key()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<No, Error> {
        no_key()
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<No, Error> {
        no_key()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<No, Error> {
        no_key()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<No, Error> {
        no_key()
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<No, Error> {
        no_key()
    }
}
