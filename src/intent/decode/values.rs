use super::{Decoder, argument};
use crate::intent::from_text::{BAD_DURATION, BAD_NAME, BAD_TEXT, FromText, shown};
use crate::intent::{Said, Switch};
use crate::source::{Spanned, Text};
use crate::syntax::{Entry, Node, Value};
use crate::value::{Decimal, Duration, Fraction, Mismatch, Percent, Port};
use smol_str::SmolStr;
use std::borrow::Cow;
use std::ops::RangeInclusive;

impl Decoder<'_> {
    /// A string, with the environment's variables inserted.
    pub(in crate::intent) fn text<'n>(&mut self, entry: &'n Entry<'_>) -> Said<Cow<'n, str>> {
        let Value::String(text) = &entry.value else {
            self.wrong_type(entry, "a string");
            return None;
        };
        // Most texts have nothing to look for.
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b',' && byte != b'$') {
            return Some(Spanned::new(Cow::Borrowed(text.as_ref()), entry.value_span));
        }
        if text.contains(',') && self.is_bare(entry) {
            self.comma(entry, text);
            return None;
        }
        let text = if text.contains("${") { self.insert(entry, text)?.into() } else { Cow::Borrowed(text.as_ref()) };
        let stands_for_nothing = |character: &char| character.is_control() && !matches!(character, '\n' | '\t' | '\r');
        if let Some(character) = text.chars().find(stands_for_nothing) {
            let mismatch = Mismatch::new("a text that can be written", format!("it holds {}", shown(character)));
            self.mismatch(&BAD_TEXT, (&text, entry.value_span), mismatch);
            return None;
        }
        Some(Spanned::new(text, entry.value_span))
    }

    /// A text for people, on one line or several.
    pub(in crate::intent) fn prose(&mut self, entry: &Entry<'_>) -> Said<SmolStr> {
        if !matches!(entry.value, Value::String(_)) {
            return self.value(entry);
        }
        let text = self.text(entry)?;
        let on_one_line = text.value.replace(['\n', '\t'], " ");
        match SmolStr::from_text(&on_one_line) {
            Ok(_) => Some(text.map(SmolStr::from)),
            Err(mismatch) => {
                self.mismatch(SmolStr::code(&on_one_line), (&text.value, text.span), mismatch);
                None
            }
        }
    }

    /// Any string, an empty one too.
    pub(in crate::intent) fn any_text(&mut self, entry: &Entry<'_>) -> Said<SmolStr> {
        Some(self.text(entry)?.map(SmolStr::from))
    }

    /// A text of another language, with the environment's variables inserted.
    pub(in crate::intent) fn quoted(&mut self, entry: &Entry<'_>) -> Option<Text> {
        let Spanned { value, span } = self.text(entry)?;
        let text = Text::of_string(value.into_owned(), span, self.written(span));
        Some(text)
    }

    /// A string that is of the type `T`.
    pub(in crate::intent) fn value<T: FromText>(&mut self, entry: &Entry<'_>) -> Said<T> {
        if !matches!(entry.value, Value::String(_)) {
            self.wrong_type_of(entry, |text| T::from_text(text).is_ok());
            return None;
        }
        let text = self.text(entry)?;
        match T::from_text(&text.value) {
            Ok(value) => Some(Spanned::new(value, text.span)),
            Err(mismatch) => {
                self.mismatch(T::code(&text.value), (&text.value, text.span), sound::<T>(mismatch));
                None
            }
        }
    }

    /// A name that is the same in every environment, of the type `T`: no variable is inserted into it.
    pub(in crate::intent) fn name<T: FromText>(&mut self, entry: &Entry<'_>) -> Said<T> {
        match &entry.value {
            Value::String(text) if text.contains("${") => {
                let because = "no variable is inserted into a name that others refer to".to_owned();
                let (code, expected) = match T::from_text(text) {
                    Ok(_) => (&BAD_NAME, "a name".to_owned()),
                    Err(mismatch) => (T::code(text), mismatch.expected),
                };
                self.mismatch(code, (text, entry.value_span), Mismatch { because, ..Mismatch::new(expected, "") });
                None
            }
            Value::String(_) | Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null => {
                self.value(entry)
            }
        }
    }

    /// The word of a node, where that is a name of the user's own.
    pub(in crate::intent) fn named<T: FromText>(&mut self, node: &Node<'_>) -> Said<T> {
        let (text, span) = (node.name.value.as_ref(), node.name.span);
        match T::from_text(text) {
            Ok(value) => Some(Spanned::new(value, span)),
            Err(mismatch) => {
                self.mismatch(T::code(text), (text, span), sound::<T>(mismatch));
                None
            }
        }
    }

    /// A whole number of `range`.
    pub(in crate::intent) fn integer(&mut self, entry: &Entry<'_>, range: RangeInclusive<u32>) -> Said<u32> {
        let expected = || format!("a number from {} to {}", range.start(), range.end());
        self.number(entry, |number| {
            let fitting = u32::try_from(number).ok().filter(|number| range.contains(number));
            fitting.ok_or_else(|| Mismatch::new(expected(), ""))
        })
    }

    /// A number of things: Istio's numbers have 32 bits with a sign, and it reads 0 as unsaid.
    pub(in crate::intent) fn count(&mut self, entry: &Entry<'_>) -> Said<u32> {
        self.integer(entry, 1..=i32::MAX.unsigned_abs())
    }

    /// A whole number from 0 to 100.
    pub(in crate::intent) fn percent(&mut self, entry: &Entry<'_>) -> Said<Percent> {
        self.number(entry, Percent::new)
    }

    /// A number from 0 to 100 with at most four decimals.
    pub(in crate::intent) fn fraction(&mut self, entry: &Entry<'_>) -> Said<Fraction> {
        self.real(entry, Fraction::new)
    }

    /// A number above 0.
    pub(in crate::intent) fn decimal(&mut self, entry: &Entry<'_>) -> Said<Decimal> {
        self.real(entry, Decimal::new)
    }

    fn real<T>(&mut self, entry: &Entry<'_>, read: impl Fn(f64) -> Result<T, Mismatch>) -> Said<T> {
        let read = match entry.value {
            // Beyond 32 bits a number is outside anyhow.
            Value::Integer(number) => read(i32::try_from(number).map_or(f64::INFINITY, f64::from)),
            Value::Decimal(number) => read(number),
            Value::String(_) | Value::Boolean(_) | Value::Null => {
                self.wrong_type(entry, "a number");
                return None;
            }
        };
        match read {
            Ok(value) => Some(Spanned::new(value, entry.value_span)),
            Err(mismatch) => {
                self.out_of_range(entry, &mismatch.expected);
                None
            }
        }
    }

    /// A duration without a part of a second; `because` says why.
    pub(in crate::intent) fn whole_seconds(&mut self, entry: &Entry<'_>, because: &str) -> Said<Duration> {
        let said: Spanned<Duration> = self.value(entry)?;
        if said.value.milliseconds().is_multiple_of(1_000) {
            return Some(said);
        }
        let mismatch = Mismatch::new("whole seconds", because);
        self.mismatch(&BAD_DURATION, (&said.value.to_string(), said.span), mismatch);
        None
    }

    /// A port.
    pub(in crate::intent) fn port(&mut self, entry: &Entry<'_>) -> Said<Port> {
        self.number(entry, Port::new)
    }

    /// `#true` or `#false`.
    pub(in crate::intent) fn boolean(&mut self, entry: &Entry<'_>) -> Said<bool> {
        if let Value::Boolean(value) = entry.value {
            return Some(Spanned::new(value, entry.value_span));
        }
        self.wrong_type(entry, "`#true` or `#false`");
        None
    }

    /// A word that stands alone for yes, or with `#true` or `#false`.
    pub(in crate::intent) fn flag(&mut self, node: &Node<'_>) -> Said<bool> {
        match argument(node, 0) {
            Some(entry) => self.boolean(entry),
            None => Some(Spanned::new(true, node.name.span)),
        }
    }

    /// One of the words of a fixed choice.
    pub(in crate::intent) fn choice<T: Copy>(&mut self, entry: &Entry<'_>, choices: &[(&'static str, T)]) -> Said<T> {
        let text = self.text(entry)?;
        let chosen = choices.iter().find(|(word, _)| *word == text.value).map(|(_, value)| *value);
        if chosen.is_none() {
            self.not_chosen((&text.value, text.span), choices.iter().map(|(word, _)| *word));
        }
        chosen.map(|value| Spanned::new(value, text.span))
    }

    /// A node that says `off` or what `read` reads.
    pub(in crate::intent) fn switch<T>(
        &mut self,
        node: &Node<'_>,
        read: impl FnOnce(&mut Self) -> Said<T>,
    ) -> Said<Switch<T>> {
        match self.off(node) {
            Some(span) => Some(Spanned::new(Switch::Off, span)),
            None => read(self).map(|said| said.map(Switch::On)),
        }
    }

    fn number<T>(&mut self, entry: &Entry<'_>, read: impl Fn(i128) -> Result<T, Mismatch>) -> Said<T> {
        let Value::Integer(number) = entry.value else {
            self.wrong_type(entry, "a whole number");
            return None;
        };
        match read(number) {
            Ok(value) => Some(Spanned::new(value, entry.value_span)),
            Err(mismatch) => {
                self.out_of_range(entry, &mismatch.expected);
                None
            }
        }
    }
}

/// A fault that offers another text only if that is of the type.
fn sound<T: FromText>(mismatch: Mismatch) -> Mismatch {
    let instead = mismatch.instead.filter(|text| T::from_text(text).is_ok());
    Mismatch { instead, ..mismatch }
}
