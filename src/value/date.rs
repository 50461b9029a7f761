use super::Mismatch;
use std::fmt;

/// A day of the Gregorian calendar, in UTC; as a limit, the last day that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Reads `2027-04-30`.
    ///
    /// # Errors
    /// It is of another form, or no such day exists.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let mismatch = |because: &str| Mismatch::new("a date such as `2027-04-30`", because);
        let shape = text.len() == 10
            && text
                .bytes()
                .enumerate()
                .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
        if !shape {
            return Err(mismatch("it is year, month and day with `-` between"));
        }
        let number =
            |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u16>().ok()).unwrap_or(0);
        let (year, month, day) = (number(0..4), number(5..7), number(8..10));
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if is_leap => 29,
            2 => 28,
            _ => 0,
        };
        if day == 0 || day > days {
            return Err(mismatch("there is no such day"));
        }
        let (Ok(month), Ok(day)) = (u8::try_from(month), u8::try_from(day)) else {
            return Err(mismatch("there is no such day"));
        };
        Ok(Date { year, month, day })
    }

    /// The day that many days after 1970-01-01, in UTC.
    pub fn of_unix_days(days: u64) -> Self {
        let (mut year, mut rest) = (1970_u16, days);
        loop {
            let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = if is_leap { 366 } else { 365 };
            if rest < length || year == u16::MAX {
                return Self::of_year_day(year, rest, is_leap);
            }
            rest -= length;
            year += 1;
        }
    }

    fn of_year_day(year: u16, mut rest: u64, is_leap: bool) -> Self {
        let february = if is_leap { 29 } else { 28 };
        for (month, days) in (1..).zip([31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
            if rest < days {
                return Date { year, month, day: u8::try_from(rest + 1).unwrap_or(1) };
            }
            rest -= days;
        }
        Date { year, month: 12, day: 31 }
    }

    /// How many days lie between 1970-01-01 and this day.
    pub fn unix_days(self) -> i64 {
        // Days of the civil calendar, counted in eras of 400 years from 1 March of year 0 (Howard Hinnant).
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn only_days_that_exist() {
        assert!(
            Date::parse("2028-02-29").is_ok()
                && Date::parse("2027-02-29").is_err()
                && Date::parse("2027-13-01").is_err()
        );
        assert!(
            Date::parse("2027-4-30").is_err()
                && Date::parse("30.04.2027").is_err()
                && Date::parse("2027-04-00").is_err()
        );
    }

    #[test]
    fn days_since_1970_go_there_and_back() {
        for days in (0..40_000).step_by(17) {
            assert_eq!(Date::of_unix_days(days).unix_days(), i64::try_from(days).expect("small"));
        }
        assert_eq!(Date::of_unix_days(20_000).to_string(), "2024-10-04");
    }
}
