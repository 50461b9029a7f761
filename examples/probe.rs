use std::io::BufRead;
fn main() {
    for l in std::io::stdin().lock().lines() {
        let t = l.unwrap().replace("\\n", "\n").replace("\\r", "\r");
        let k = kdl::KdlDocument::parse_v2(&t).map(|d| format!("ok {} nodes", d.nodes().len())).unwrap_or_else(|e| {
            format!(
                "REFUSED {}",
                e.diagnostics.first().map(|d| d.message.clone().unwrap_or_default()).unwrap_or_default()
            )
        });
        let mut f = Default::default();
        let d = mesh::syntax::parse(mesh::source::FileId(0), &t, &mut f);
        println!(
            "{:?}\n   kdl:  {k}\n   ours: {} nodes {:?}",
            t,
            d.nodes.len(),
            f.sorted().iter().map(|f| format!("{}: {}", f.code.name, f.title)).collect::<Vec<_>>()
        );
    }
}
