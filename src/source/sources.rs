use super::Span;
use std::num::NonZeroU32;
use std::sync::Arc;

/// A file of this run, by number.
///
/// It is never all zeros, so that a place that may be missing is no larger than one that is there: the mesh holds
/// several for each value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(NonZeroU32);

impl FileId {
    /// The file of this number, from 0 on.
    pub const fn new(number: u32) -> Self {
        FileId(NonZeroU32::MIN.saturating_add(number))
    }

    /// Its number.
    pub const fn number(self) -> u32 {
        self.0.get() - 1
    }
}

/// A file's name and text.
#[derive(Debug)]
pub struct SourceFile {
    /// As people should see it: relative to where they stand, or `std:NAME` for the standard library.
    pub name: String,
    /// Its text, byte for byte.
    pub text: Arc<str>,
}

/// All files that this run has read, in the order of their numbers.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    /// From where files are seen: what stands before their names, and the folder of the workspace instead.
    seen: (String, String),
}

/// A place as people count: lines and columns from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// The path `name` as one sees it from elsewhere.
fn seen(prefix: &str, here: &str, name: &str) -> String {
    match here {
        "" => format!("{prefix}{name}"),
        _ => seen_from(here, name),
    }
}

/// The path `name` as one writes it standing in the folder `here`, both of the same root.
fn seen_from(here: &str, name: &str) -> String {
    let (mut folders, mut name) = (here.split('/').peekable(), name);
    while let Some((_, rest)) = name.split_once('/').filter(|(first, _)| folders.peek() == Some(first)) {
        folders.next();
        name = rest;
    }
    format!("{}{name}", "../".repeat(folders.count()))
}

impl Sources {
    /// Adds a file.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId::new(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile { name: name.into(), text: text.into() });
        id
    }

    /// Files none of which has one of the first `numbers`, until it is [put](Self::put) there.
    pub fn after(numbers: usize) -> Self {
        let nothing = || SourceFile { name: String::new(), text: "".into() };
        Sources { files: std::iter::repeat_with(nothing).take(numbers).collect(), ..Sources::default() }
    }

    /// Gives a file one of the first numbers.
    pub fn put(&mut self, id: FileId, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        if let Some(file) = self.files.get_mut(id.number() as usize) {
            *file = SourceFile { name: name.into(), text: text.into() };
        }
        id
    }

    /// Names every file as seen from elsewhere: from the folder `here` of the workspace if that is said, else with
    /// `prefix` before it.
    pub fn rename(&mut self, prefix: &str, here: &str) {
        for file in &mut self.files {
            file.name = seen(prefix, here, &file.name);
        }
        self.seen = (prefix.to_owned(), here.to_owned());
    }

    /// Adds a file of the workspace after the others were renamed: it is named as they are.
    pub fn add_renamed(&mut self, name: &str, text: impl Into<Arc<str>>) -> FileId {
        let (prefix, here) = &self.seen;
        let name = seen(prefix, here, name);
        self.add(name, text)
    }

    /// The file of this number, if it is one of this run's.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.number() as usize)
    }

    /// Every file with its number.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0..).map(FileId::new).zip(&self.files)
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The file's name; empty for a file that is not of this run.
    pub fn name(&self, id: FileId) -> &str {
        self.get(id).map_or("", |file| &file.name)
    }

    /// The file's text; empty for a file that is not of this run.
    pub fn text(&self, id: FileId) -> &str {
        self.get(id).map_or("", |file| &file.text)
    }

    /// What is written at `span`.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.file).get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The line and column of a byte of a file.
    pub fn location(&self, file: FileId, offset: u32) -> Location {
        let text = self.text(file);
        let before = text.get(..offset as usize).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).saturating_add(1);
        Location {
            line: count(before.bytes().filter(|&byte| byte == b'\n').count()),
            column: count(before.get(line_start..).unwrap_or("").chars().count()),
        }
    }

    /// `file:line:column` of where `span` begins.
    pub fn show(&self, span: Span) -> String {
        let Location { line, column } = self.location(span.file, span.start);
        format!("{}:{line}:{column}", self.name(span.file))
    }
}
