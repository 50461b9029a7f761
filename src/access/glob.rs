/// A class of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// This one.
    Char(char),
    /// Every one.
    Any,
    /// Every one but this.
    Not(char),
    /// What Envoy takes for `{*}` in a path: the characters of RFC 3986's segments.
    Segment,
    /// The same and `/`: what it takes for `{**}`.
    Segments,
    /// What a path can have once the query is gone.
    Path,
}

impl Class {
    pub(super) fn holds(self, c: char) -> bool {
        match self {
            Class::Char(own) => own == c,
            Class::Any => true,
            Class::Not(other) => c != other,
            Class::Segment => is_of_segment(c),
            Class::Segments => is_of_segment(c) || c == '/',
            Class::Path => c != '?' && c != '#',
        }
    }
}

fn is_of_segment(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~%!$&'()+,;:@=".contains(c)
}

/// A part of a glob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Token {
    /// One character of a class.
    One(Class),
    /// Any number of them.
    Many(Class),
}

/// A pattern of texts, without alternatives.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Glob(pub(super) Vec<Token>);

impl Glob {
    pub(super) fn text(mut self, text: &str) -> Self {
        self.0.extend(text.chars().map(|c| Token::One(Class::Char(c))));
        self
    }

    /// Any number of characters of a class.
    pub(super) fn many(mut self, class: Class) -> Self {
        self.0.push(Token::Many(class));
        self
    }

    /// At least one of them.
    pub(super) fn some(mut self, class: Class) -> Self {
        self.0.push(Token::One(class));
        self.many(class)
    }

    pub(super) fn then(mut self, other: Glob) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Whether a text is one of its own as a whole.
    pub(super) fn matches(&self, text: &str) -> bool {
        let mut places = vec![false; self.0.len() + 1];
        places.first_mut().into_iter().for_each(|first| *first = true);
        self.skip(&mut places);
        for c in text.chars() {
            let mut next = vec![false; places.len()];
            for (at, token) in self.0.iter().enumerate().filter(|(at, _)| places.get(*at) == Some(&true)) {
                let to = match token {
                    Token::One(class) => class.holds(c).then_some(at + 1),
                    Token::Many(class) => class.holds(c).then_some(at),
                };
                to.and_then(|to| next.get_mut(to)).into_iter().for_each(|place| *place = true);
            }
            self.skip(&mut next);
            places = next;
        }
        places.last() == Some(&true)
    }

    /// Any number may be none.
    fn skip(&self, places: &mut [bool]) {
        for (at, token) in self.0.iter().enumerate() {
            if matches!(token, Token::Many(_)) && places.get(at) == Some(&true) {
                places.get_mut(at + 1).into_iter().for_each(|place| *place = true);
            }
        }
    }
}
