use crate::manifest::{Object, yaml};

/// Appends an object to a stream of YAML documents.
///
/// # Errors
/// None of our own types can fail to be written; the error is the serializer's.
pub fn document(object: &Object, out: &mut Vec<u8>) -> Result<(), yaml::Error> {
    out.extend_from_slice(b"---\n");
    yaml::write(object, out)
}
