use super::Facts;
use super::conditions::words;
use crate::ir::{Exposure, Handling, Mesh, Mirror, Route, Service};
use crate::source::{Layer, Origin};
use crate::value::Port;

impl Facts {
    /// The routes of a service, in their order.
    pub(super) fn routes(&mut self, mesh: &Mesh, service: &Service) {
        for route in &service.routes {
            let Route { name, kind: _, matches, action, rewrite, handling, mirrors } = route;
            let path = format!("route.{}", name.value);
            match action {
                Some(action) => self.add(&path, &action.clone().map(|action| action.name(mesh, service))),
                None => self.said(&path, "default target", Origin::new(Layer::Own, name.span)),
            }
            for (at, request) in matches.iter().enumerate() {
                let path = format!("{path}.match.{}", at + 1);
                self.said(&path, "these requests", request.origin);
                self.request(&path, (mesh, service.namespace), request);
            }
            if let Some(rewrite) = rewrite {
                self.add(&format!("{path}.rewrite"), &rewrite.clone().map(|rewrite| rewrite.to_string()));
            }
            self.handling(&format!("{path}."), handling);
            self.mirrors(&format!("{path}."), mesh, service, mirrors);
        }
    }

    fn handling(&mut self, path: &str, handling: &Handling) {
        let Handling { timeout, retry, actions } = handling;
        self.option(&format!("{path}timeout"), timeout.as_ref());
        self.retry(&format!("{path}retry"), retry);
        self.actions(path, actions.as_deref());
    }

    /// Who else gets copies of requests.
    pub(super) fn mirrors(&mut self, path: &str, mesh: &Mesh, service: &Service, mirrors: &[Mirror]) {
        for Mirror { target, share } in mirrors {
            self.said(&format!("{path}mirror"), target.name(mesh, service), target.origin);
            self.add(&format!("{path}mirror.percent"), share);
        }
    }

    /// The doors of a service.
    pub(super) fn exposures(&mut self, mesh: &Mesh, service: &Service) {
        for exposure in &service.exposures {
            let Exposure {
                gateway,
                door,
                kind: _,
                paths,
                port,
                methods,
                from,
                rewrite,
                timeout,
                retry,
                tokens,
                routes: _,
                actions,
                origin,
                waiver: _,
            } = exposure;
            let path = format!("expose.{}", mesh.gateway(*gateway).name);
            self.said(&path, door.value.to_string(), *origin);
            self.spanned(&format!("{path}.path"), *origin, paths);
            self.said(&format!("{path}.port"), Port::to_string(port), *origin);
            for (word, said) in [("method", words(methods)), ("from", words(from))] {
                if !said.is_empty() {
                    self.said(&format!("{path}.{word}"), said, *origin);
                }
            }
            self.option(&format!("{path}.rewrite"), rewrite.as_ref());
            self.option(&format!("{path}.timeout"), timeout.as_ref());
            self.retry(&format!("{path}.retry"), retry);
            self.actions(&format!("{path}."), actions.as_deref());
            for rule in tokens {
                self.token_rule(mesh, &format!("{path}.require-token"), rule);
            }
        }
    }
}
