//! The bound of what a comparison may cost.

/// What a comparison may still do.
pub(super) struct Steps(usize);

/// It may do nothing more.
pub(super) struct Spent;

impl Steps {
    pub(super) fn new(most: usize) -> Self {
        Steps(most)
    }

    pub(super) fn take(&mut self, steps: usize) -> Result<(), Spent> {
        self.0 = self.0.checked_sub(steps).ok_or(Spent)?;
        Ok(())
    }
}
