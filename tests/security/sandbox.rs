use super::{CANARY, Ground};
use mesh::disk::{Confined, confine};
use std::fs;
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

/// Even code that is taken over reads one folder, writes one, runs nothing and calls nobody.
#[test]
fn a_confined_thread_can_do_nothing_else() {
    let ground = Ground::new("confined");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let confined = std::thread::scope(|scope| {
        let confined = scope.spawn(|| {
            let out = ground.repo().join("out");
            let confined = confine(&[ground.repo().as_path()], Some(&out.join("prod")));
            if confined == Confined::Not {
                return confined;
            }
            assert!(fs::read(ground.repo().join("mesh.kdl")).is_ok());
            fs::create_dir(&out).unwrap();
            fs::write(out.join("file"), "x").unwrap();
            for outside in ["/etc/passwd", "/proc/self/environ", "/dev/zero"] {
                assert!(fs::File::open(outside).is_err(), "{outside}");
            }
            assert!(fs::read(ground.folder.join("secret")).is_err());
            assert!(fs::write(ground.folder.join("new"), "x").is_err());
            assert!(Command::new("/bin/true").status().is_err());
            if confined == Confined::Whole {
                assert!(TcpStream::connect(address).is_err());
                assert!(TcpListener::bind("127.0.0.1:0").is_err());
            }
            confined
        });
        confined.join().unwrap()
    });
    assert!(fs::read_to_string(ground.folder.join("secret")).unwrap().contains(CANARY), "other threads are free");
    if confined != Confined::Whole {
        eprintln!("this kernel takes less from a process than it could: {confined:?}");
    }
}

/// A process that confines itself may gain no rights either, which the kernel shows of it.
#[test]
fn the_commands_that_read_strangers_pages_confine_themselves() {
    if std::thread::scope(|scope| scope.spawn(|| confine(&[], None)).join().unwrap()) == Confined::Not {
        return eprintln!("skipped: this kernel has no Landlock");
    }
    let ground = Ground::new("confined-commands");
    let services = (0..80).map(|at| format!("service s{at} namespace=shop {{ port 80 http }}\n"));
    let services: String = services.collect();
    ground.write("web.kdl", &services);
    for arguments in [&["compile", "-o", "-"][..], &["argocd", "generate"]] {
        // It waits for a reader when its pipe is full.
        let mut child = Command::new(env!("CARGO_BIN_EXE_mesh"))
            .args(arguments)
            .current_dir(ground.repo())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut [0]).unwrap();
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(status.contains("NoNewPrivs:\t1"), "{arguments:?}: {status}");
    }
}
