use crate::argocd::Failure;
use std::process::exit;
use std::time::Duration;

/// Ends the process when so many seconds have passed: with a word, where Argo CD would end it without one.
pub(super) fn set(seconds: u64) {
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(seconds));
        let what = format!("nothing was generated within {seconds} s");
        eprint!("{}", Failure::new(what, "split the environment: mesh argocd appset --by namespace"));
        exit(1);
    });
}
