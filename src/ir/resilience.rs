use super::{Balance, Breaker, Connection, Locality};
use crate::source::{Decided, Origin};
use crate::value::{Decimal, Duration, Fraction};

/// How callers treat the pods behind a name; what nobody says is absent.
#[derive(Clone, Debug, Default)]
pub struct Resilience {
    /// When calls are cut off.
    pub breaker: Option<Box<Breaker>>,
    /// How connections are opened, kept and closed.
    pub connection: Option<Box<Connection>>,
    /// How a pod is chosen.
    pub balance: Option<Decided<Balance>>,
    /// Whether near pods come first.
    pub locality: Option<Box<Locality>>,
    /// How a new pod gets its share.
    pub warm_up: Option<Box<WarmUp>>,
}

/// How a new pod gets its share.
#[derive(Clone, Debug)]
pub struct WarmUp {
    /// How long it takes.
    pub duration: Decided<Duration>,
    /// The share that it begins with.
    pub minimum_percent: Option<Decided<Fraction>>,
    /// How steep it goes up: 1 is a straight line.
    pub aggression: Option<Decided<Decimal>>,
}

impl Resilience {
    /// Whether it says nothing.
    pub fn is_unsaid(&self) -> bool {
        let Resilience { breaker, connection, balance, locality, warm_up } = self;
        breaker.is_none() && connection.is_none() && balance.is_none() && locality.is_none() && warm_up.is_none()
    }

    /// Its words, by whom each is said.
    pub fn words(&self) -> Vec<(&'static str, Origin)> {
        let Resilience { breaker, connection, balance, locality, warm_up } = self;
        let words = [
            ("breaker", breaker.as_ref().map(|said| said.origin())),
            ("connection", connection.as_ref().map(|said| said.origin())),
            ("balance", balance.as_ref().map(|said| said.origin)),
            ("locality", locality.as_ref().map(|said| said.origin())),
            ("warm-up", warm_up.as_ref().map(|said| said.duration.origin)),
        ];
        words.into_iter().filter_map(|(word, origin)| Some((word, origin?))).collect()
    }

    /// Takes out each word that does not hold where it is said.
    pub fn retain(&mut self, holds: impl Fn(Origin) -> bool) {
        let gone: Vec<&str> =
            self.words().into_iter().filter(|(_, origin)| !holds(*origin)).map(|(word, _)| word).collect();
        let goes = |word: &str| gone.contains(&word);
        self.breaker.take_if(|_| goes("breaker"));
        self.connection.take_if(|_| goes("connection"));
        self.balance.take_if(|_| goes("balance"));
        self.locality.take_if(|_| goes("locality"));
        self.warm_up.take_if(|_| goes("warm-up"));
    }

    /// This with what `other` says that `base`, from which both come, does not.
    #[must_use]
    pub fn with_own_of(&self, other: &Resilience, base: &Resilience) -> Resilience {
        let origin = |locality: &Option<Box<Locality>>| locality.as_ref().map(|said| said.origin());
        let locality = if origin(&other.locality) == origin(&base.locality) { self } else { other };
        let warmth = |said: &Resilience| said.warm_up.as_ref().map(|warm_up| warm_up.origins());
        let warm_up = if warmth(other) == warmth(base) { self } else { other };
        Resilience {
            breaker: joined(&self.breaker, &other.breaker, &base.breaker, Breaker::with_own_of),
            connection: joined(&self.connection, &other.connection, &base.connection, Connection::with_own_of),
            balance: part(self.balance.as_ref(), other.balance.as_ref(), base.balance.as_ref()),
            locality: locality.locality.clone(),
            warm_up: warm_up.warm_up.clone(),
        }
    }
}

impl WarmUp {
    fn origins(&self) -> [Option<Origin>; 3] {
        let WarmUp { duration, minimum_percent, aggression } = self;
        let (percent, aggression) = (minimum_percent.as_ref(), aggression.as_ref());
        [Some(duration.origin), percent.map(|said| said.origin), aggression.map(|said| said.origin)]
    }
}

fn joined<T: Default>(
    own: &Option<Box<T>>,
    other: &Option<Box<T>>,
    base: &Option<Box<T>>,
    with_own_of: impl Fn(&T, &T, &T) -> T,
) -> Option<Box<T>> {
    let none = T::default();
    let said = |of: &'_ Option<Box<T>>| of.is_some();
    if !said(own) && !said(other) {
        return None;
    }
    let [own, other, base] = [own, other, base].map(|of| of.as_deref().unwrap_or(&none));
    Some(Box::new(with_own_of(own, other, base)))
}

/// What `other` says, unless it has that from `base` or nobody said it: then what `own` says.
pub(super) fn part<T: Clone>(
    own: Option<&Decided<T>>,
    other: Option<&Decided<T>>,
    base: Option<&Decided<T>>,
) -> Option<Decided<T>> {
    let (said, inherited) = (other.map(|said| said.origin), base.map(|said| said.origin));
    let says_nothing = said == inherited || (said == Some(Origin::BUILT_IN) && own.is_some());
    if says_nothing { own.cloned() } else { other.cloned() }
}
