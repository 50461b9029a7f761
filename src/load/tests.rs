use super::limits::{WORKSPACE_BYTES, WORKSPACE_FILES};
use super::load;
use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Files, ReadError};
use crate::syntax::limits::FILE_BYTES;
use std::cell::Cell;
use std::collections::BTreeMap;

/// A workspace in memory, which counts the bytes it hands out. No content: reading that file does not work.
#[derive(Default)]
struct Memory {
    files: BTreeMap<String, Option<Vec<u8>>>,
    handed_out: Cell<usize>,
}

impl Memory {
    fn with(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.to_owned(), Some(content.into()));
        self
    }

    fn many(count: usize, size: usize) -> Self {
        let files = (0..count).map(|index| (format!("{index:05}.kdl"), Some(vec![b'a'; size]))).collect();
        Memory { files, ..Memory::default() }
    }
}

impl Files for Memory {
    fn list(&self) -> Result<Vec<String>, ReadError> {
        Ok(self.files.keys().cloned().collect())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.read_prefix(path, usize::MAX)
    }

    fn read_prefix(&self, path: &str, at_most: usize) -> Result<Vec<u8>, ReadError> {
        let error = || ReadError { path: path.to_owned(), reason: "permission denied".to_owned() };
        let bytes = self.files[path].as_ref().ok_or_else(error)?;
        let prefix = bytes[..bytes.len().min(at_most)].to_vec();
        self.handed_out.set(self.handed_out.get() + prefix.len());
        Ok(prefix)
    }
}

/// The names of the files that were taken in, and the titles of what was found with their codes.
fn run(files: &Memory) -> (Vec<String>, Vec<String>) {
    let mut found = Diagnostics::default();
    let sources = load(files, &mut found);
    let told = found.sorted().iter().map(|fault| format!("[{}] {}", fault.code.name, fault.title)).collect();
    (sources.iter().map(|(_, file)| file.name.clone()).collect(), told)
}

#[test]
fn files_are_taken_in_order_and_byte_for_byte() {
    let files = Memory::default().with("b.kdl", "b\r\n").with("a/c.kdl", "\u{FEFF}a");
    let mut found = Diagnostics::default();
    let sources = load(&files, &mut found);
    assert!(found.is_empty());
    assert_eq!(sources.name(FileId::new(0)), "a/c.kdl");
    assert_eq!(sources.text(FileId::new(0)), "\u{FEFF}a");
    assert_eq!(sources.text(FileId::new(1)), "b\r\n");
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_others_are_read() {
    let mut files = Memory::default().with("b.kdl", "b");
    files.files.insert("a.kdl".to_owned(), None);
    let told = "[unreadable-file] cannot read `a.kdl`: permission denied";
    assert_eq!(run(&files), (vec!["b.kdl".to_owned()], vec![told.to_owned()]));
}

#[test]
fn a_workspace_that_cannot_be_listed_is_told() {
    struct Closed;
    impl Files for Closed {
        fn list(&self) -> Result<Vec<String>, ReadError> {
            Err(ReadError { path: "mesh".to_owned(), reason: "permission denied".to_owned() })
        }
        fn read(&self, _: &str) -> Result<Vec<u8>, ReadError> {
            panic!("nothing was listed")
        }
    }
    let mut found = Diagnostics::default();
    assert!(load(&Closed, &mut found).is_empty());
    assert_eq!(found.sorted()[0].title, "cannot read `mesh`: permission denied");
}

#[test]
fn what_is_not_utf8_is_told_with_its_place() {
    let files = Memory::default().with("a.kdl", b"service a\nport \xC3\xA9 \xE9\n".to_vec());
    let told = "[not-utf8] expected UTF-8, found the byte 0xE9 at `a.kdl:2:8`";
    assert_eq!(run(&files), (vec![], vec![told.to_owned()]));
}

#[test]
fn utf16_is_recognised() {
    let mut found = Diagnostics::default();
    load(&Memory::default().with("a.kdl", b"\xFF\xFEa\0".to_vec()), &mut found);
    assert_eq!(found.sorted()[0].helps[0].text, "save the file as UTF-8: it begins as UTF-16 does");
}

#[test]
fn a_file_is_read_up_to_its_limit_and_no_further() {
    let fits = Memory::many(1, FILE_BYTES);
    assert_eq!(run(&fits), (vec!["00000.kdl".to_owned()], vec![]));
    let larger = Memory::many(1, 100 * FILE_BYTES);
    let told = "[file-too-large] expected at most 256 KiB in `00000.kdl`, found more";
    assert_eq!(run(&larger), (vec![], vec![told.to_owned()]));
    assert_eq!(larger.handed_out.get(), FILE_BYTES + 1);
}

#[test]
fn a_workspace_has_at_most_its_number_of_files() {
    let (taken, told) = run(&Memory::many(WORKSPACE_FILES, 1));
    assert_eq!((taken.len(), told.len()), (WORKSPACE_FILES, 0));
    let larger = Memory::many(WORKSPACE_FILES + 1, 1);
    let told = "[workspace-too-large] expected at most 20000 files in a workspace, found 20001";
    assert_eq!(run(&larger), (vec![], vec![told.to_owned()]));
    assert_eq!(larger.handed_out.get(), 0);
}

#[test]
fn a_workspace_has_at_most_its_number_of_bytes() {
    let most = WORKSPACE_BYTES / FILE_BYTES;
    let (taken, told) = run(&Memory::many(most, FILE_BYTES));
    assert_eq!((taken.len(), told.len()), (most, 0));
    let (taken, told) = run(&Memory::many(most, FILE_BYTES).with("99999.kdl", "a"));
    assert_eq!(taken.len(), most);
    assert_eq!(told, ["[workspace-too-large] expected at most 64 MiB in a workspace, found more"]);
}
