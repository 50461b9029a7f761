use super::{CANARY, Ground, lossy};
use mesh::disk::Workspace;
use mesh::source::Files;
use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Ways to write a path that leads out of the workspace, and some that only look so.
const OUTSIDE: [&str; 40] = [
    "../secret",
    "./../secret",
    "a/../../secret",
    "../repo/../secret",
    "/etc/passwd",
    "//etc/passwd",
    "/proc/self/environ",
    "~/secret",
    "~root/.ssh/id_rsa",
    "..",
    ".",
    "",
    "/",
    "../",
    "./",
    "a/..",
    "..//secret",
    "a//../../secret",
    "..\\\\secret",
    "C:\\\\secret",
    "C:/secret",
    "\\\\\\\\host\\\\share",
    "%2e%2e/secret",
    "..%2fsecret",
    "%2e%2e%2fsecret",
    "..;/secret",
    "file:///etc/passwd",
    "http://localhost/secret",
    "/dev/stdin",
    "/dev/fd/0",
    "/proc/self/fd/0",
    "$HOME/secret",
    "${HOME}/secret",
    "$(cat ../secret)",
    "`cat ../secret`",
    "../secret\\u{0}",
    "\\u{0}../secret",
    "..\\n/secret",
    "\\u{2025}/secret",
    "\\u{ff0e}\\u{ff0e}/secret",
];

#[test]
fn t_01_no_spelling_of_a_path_leads_out() {
    let ground = Ground::new("t-01");
    for path in OUTSIDE {
        ground.write("web.kdl", &format!("raw file=\"{path}\"\n"));
        ground.is_refused(path);
        ground.write("web.kdl", &format!("template t for=mesh file=\"{path}\"\n"));
        let output = ground.mesh(&["check"]);
        assert!(!lossy(&output.stderr).contains(CANARY), "{path}");
    }
}

#[test]
fn t_02_links_are_refused_wherever_they_lead() {
    for (at, (name, target)) in [
        ("web.kdl", "../secret.kdl"),
        ("web.kdl", "mesh.kdl"),
        ("web.kdl", "/etc/passwd"),
        ("web.kdl", "web.kdl"),
        ("web.kdl", "nowhere"),
        ("teams", ".."),
        ("teams", "/"),
        ("teams", "."),
    ]
    .into_iter()
    .enumerate()
    {
        let ground = Ground::new(&format!("t-02-{at}"));
        ground.link(name, target);
        let told = ground.is_refused(target);
        assert!(told.contains("is a link"), "{target}: {told}");
    }
    let ground = Ground::new("t-02-named");
    ground.link("objects.yaml", "../secret");
    ground.write("web.kdl", "raw file=\"objects.yaml\"\n");
    ground.is_refused("a link that a page names");
}

/// The swap happens between listing and reading, at each of ten thousand moments.
#[test]
fn t_02_a_page_that_becomes_a_link_is_not_followed() {
    let ground = Ground::new("t-02-race");
    let page = ground.repo().join("web.kdl");
    let (file, link) = (ground.folder.join("file"), ground.folder.join("link"));
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_done.load(Ordering::Relaxed) {
                fs::write(&file, "namespace web\n").unwrap();
                fs::rename(&file, &page).unwrap();
                std::os::unix::fs::symlink("../secret.kdl", &link).unwrap();
                fs::rename(&link, &page).unwrap();
            }
        });
        let workspace = Workspace::open(&ground.repo(), None).unwrap();
        let (mut read, mut refused) = (0, 0);
        let begun = Instant::now();
        // At least ten thousand times, and until it met both.
        while read + refused < 10_000 || ((read == 0 || refused == 0) && begun.elapsed() < Duration::from_secs(20)) {
            match workspace.read("web.kdl") {
                Ok(bytes) => {
                    assert!(!lossy(&bytes).contains(CANARY));
                    read += 1;
                }
                Err(_) => refused += 1,
            }
        }
        is_done.store(true, Ordering::Relaxed);
        assert!(read > 0 && refused > 0, "{read} read, {refused} refused: nothing was swapped");
    });
}

#[test]
fn t_04_what_never_ends_is_not_read() {
    let in_time = |ground: &Ground, why: &str| {
        let begun = Instant::now();
        let told = ground.is_refused(why);
        assert!(begun.elapsed() < Duration::from_mins(2), "{why}: {:?}", begun.elapsed());
        told
    };
    let fifo = Ground::new("t-04-fifo");
    assert!(Command::new("mkfifo").arg(fifo.repo().join("web.kdl")).status().unwrap().success());
    assert!(in_time(&fifo, "a FIFO").contains("is not a regular file"));
    let named = Ground::new("t-04-named");
    assert!(Command::new("mkfifo").arg(named.repo().join("objects.yaml")).status().unwrap().success());
    named.write("web.kdl", "raw file=\"objects.yaml\"\n");
    assert!(in_time(&named, "a FIFO that a page names").contains("is not a regular file"));
    let socket = Ground::new("t-04-socket");
    // The path of a socket is short, so it is bound from its folder.
    let bound = std::os::unix::net::UnixListener::bind(socket.folder.join("s")).or_else(|_| {
        std::os::unix::net::UnixListener::bind(std::env::temp_dir().join(format!("mesh-t04-{}", std::process::id())))
    });
    let from = bound.unwrap().local_addr().unwrap().as_pathname().unwrap().to_owned();
    if fs::rename(from, socket.repo().join("web.kdl")).is_ok() {
        assert!(in_time(&socket, "a socket").contains("is not a regular file"));
    }
    let sparse = Ground::new("t-04-sparse");
    fs::File::create(sparse.repo().join("web.kdl")).unwrap().set_len(1 << 40).unwrap();
    assert!(in_time(&sparse, "a terabyte of nothing").contains("expected at most"));
}
