// The job of compile.py in Jsonnet: five objects for each service and a namespace for every ten, as YAML documents.
//
//   jrsonnet -y mesh.jsonnet --tla-code-file services=services.json
//
// It writes what a team would write by hand; `mesh` writes more for the same facts: Sidecars, egress, closed defaults.

local appLabel(name) = { app: name };

local host(service) = '%s.%s.svc.cluster.local' % [service.name, service.namespace];

local identity(caller) = 'cluster.local/ns/%s/sa/%s' % [caller.namespace, caller.name];

local object(api, kind, service, spec) = {
  apiVersion: api,
  kind: kind,
  metadata: {
    name: service.name,
    namespace: service.namespace,
    labels: appLabel(service.name) { 'app.kubernetes.io/managed-by': 'mesh' },
  },
  spec: spec,
};

local namespace(name) = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: name, labels: { 'istio-injection': 'enabled', 'app.kubernetes.io/managed-by': 'mesh' } },
};

local virtualService(service) =
  local canary = service.canary;
  local to(version) = {
    destination: { host: host(service), subset: version, port: { number: service.port } },
  };
  object('networking.istio.io/v1', 'VirtualService', service, {
    hosts: [host(service), service.host],
    gateways: ['mesh', 'istio-system/public'],
    http: [
      {
        match: [{ headers: { [canary.header]: { exact: canary.value } } }],
        route: [to(canary.version)],
      },
      {
        route: [
          to(service.versions[0]) { weight: 100 - canary.percent },
          to(canary.version) { weight: canary.percent },
        ],
        timeout: '10s',
        retries: { attempts: 3, perTryTimeout: '2s', retryOn: '5xx,reset' },
      },
    ],
  });

local destinationRule(service) =
  local breaker = service.breaker;
  object('networking.istio.io/v1', 'DestinationRule', service, {
    host: host(service),
    trafficPolicy: {
      tls: { mode: 'ISTIO_MUTUAL' },
      connectionPool: {
        tcp: { maxConnections: breaker.connections },
        http: {
          http1MaxPendingRequests: breaker.pendingRequests,
          http2MaxRequests: breaker.requests,
          maxRequestsPerConnection: breaker.requestsPerConnection,
        },
      },
      outlierDetection: {
        consecutive5xxErrors: breaker.consecutive5xx,
        interval: breaker.interval,
        baseEjectionTime: breaker.baseEjection,
        maxEjectionPercent: breaker.maxEjection,
      },
    },
    subsets: [{ name: version, labels: { version: version } } for version in service.versions],
  });

local peerAuthentication(service) =
  object('security.istio.io/v1', 'PeerAuthentication', service, {
    selector: { matchLabels: appLabel(service.name) },
    mtls: { mode: service.mtls },
  });

local authorizationPolicy(service) =
  object('security.istio.io/v1', 'AuthorizationPolicy', service, {
    selector: { matchLabels: appLabel(service.name) },
    action: 'ALLOW',
    rules: [{
      from: [{ source: { principals: [identity(caller) for caller in service.callers] } }],
      to: [{ operation: { ports: ['%d' % service.port] } }],
    }],
  });

local networkPolicy(service) =
  local pods(caller) = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': caller.namespace } },
    podSelector: { matchLabels: appLabel(caller.name) },
  };
  object('networking.k8s.io/v1', 'NetworkPolicy', service, {
    podSelector: { matchLabels: appLabel(service.name) },
    policyTypes: ['Ingress'],
    ingress: [{
      from: [pods(caller) for caller in service.callers],
      ports: [{ protocol: 'TCP', port: service.port }],
    }],
  });

local objects(service) = [
  virtualService(service),
  destinationRule(service),
  peerAuthentication(service),
  authorizationPolicy(service),
  networkPolicy(service),
];

function(services)
  [namespace(name) for name in std.uniq([service.namespace for service in services])]
  + std.flatMap(objects, services)
