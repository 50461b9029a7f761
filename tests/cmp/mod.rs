//! What Argo CD's `argocd-cmp-server` does with a plugin, as its code has it (v3.6, `cmpserver/plugin/plugin.go`), and
//! the cases that it is asked with. The live suite asks the real server the same cases.
#![allow(unreachable_pub, reason = "a module of a test")]

pub mod case;
pub mod plugin;
