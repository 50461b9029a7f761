use crate::source::{FileId, Sources, Span};
use std::collections::BTreeMap;

/// Where lines of files begin, so that many places are found fast.
pub(super) struct Places<'s> {
    sources: &'s Sources,
    starts: BTreeMap<FileId, Vec<u32>>,
}

impl<'s> Places<'s> {
    pub(super) fn of(sources: &'s Sources) -> Self {
        let starts = |text: &str| {
            let after = text.bytes().zip(1_u32..).filter(|(byte, _)| *byte == b'\n').map(|(_, next)| next);
            std::iter::once(0).chain(after).collect()
        };
        Places { sources, starts: sources.iter().map(|(id, file)| (id, starts(&file.text))).collect() }
    }

    /// `file:line:column`, and the line as it is written; nothing for what is built in.
    pub(super) fn show(&self, span: Option<Span>) -> (String, String) {
        let Some(span) = span else { return (String::new(), String::new()) };
        let starts = self.starts.get(&span.file).map_or(&[][..], Vec::as_slice);
        let number = starts.partition_point(|start| *start <= span.start);
        let start = number.checked_sub(1).and_then(|at| starts.get(at)).copied().unwrap_or(0);
        let text = self.sources.text(span.file);
        let before = text.get(start as usize..span.start as usize).unwrap_or("");
        let line = text.get(start as usize..).and_then(|rest| rest.lines().next()).unwrap_or("").trim();
        let place = format!("{}:{number}:{}", self.sources.name(span.file), before.chars().count() + 1);
        (place, line.to_owned())
    }
}
