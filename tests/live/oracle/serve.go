package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	meshv1 "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/security"
	"istio.io/istio/pkg/test"
	"istio.io/istio/pkg/util/protomarshal"
)

const (
	discoveryAddress   = ":15010"
	certificateAddress = ":15012"
	clusterDomain      = "cluster.local" // Istio's discovery of this kind has it built in
	identityHeader     = "x-mesh-identity"
)

// serve runs istiod's discovery over a tree and a cluster until it is told to end. "ready" is printed once it answers.
func serve(read tree, podsFile, rootFile string) error {
	// A plain Envoy has none of Istio's own filters, and ambient needs other proxies.
	features.EnableAmbient, features.MetadataExchange, features.ALPNFilter = false, false, false
	// Gateways read certificates from Secrets only on an authenticated connection. This one is inside the machine.
	security.AuthPlaintext = true

	configs, err := istioConfigs(read)
	if err != nil {
		return err
	}
	authority, err := newAuthority()
	if err != nil {
		return err
	}
	if err := os.WriteFile(rootFile, authority.root, 0o644); err != nil {
		return err
	}
	if err := serveWorkloadCertificates(certificateAddress, authority); err != nil {
		return err
	}
	cluster, err := clusterObjects(read, podsFile, authority)
	if err != nil {
		return err
	}
	return test.Wrap(func(failer test.Failer) {
		server := xds.NewFakeDiscoveryServer(failer, xds.FakeOptions{
			KubernetesObjectString:     cluster,
			Configs:                    configs,
			MeshConfig:                 read.meshConfig,
			DisableSecretAuthorization: true,
			ListenerBuilder:            func() (net.Listener, error) { return net.Listen("tcp", discoveryAddress) },
		})
		server.Discovery.Authenticators = append(server.Discovery.Authenticators, headerAuthenticator{})
		fmt.Println("ready")
		ended := make(chan os.Signal, 1)
		signal.Notify(ended, os.Interrupt, syscall.SIGTERM)
		<-ended
	})
}

// istioConfigs sets the cluster domain, without which short host names do not resolve, and one age, so that ties go by name.
func istioConfigs(read tree) ([]config.Config, error) {
	var configs []config.Config
	created := time.Now()
	for _, document := range read.documents {
		if !document.isIstio() {
			continue
		}
		parsed, _, err := crd.ParseInputs(string(document.text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", document.file, err)
		}
		for _, object := range parsed {
			object.Domain, object.CreationTimestamp = clusterDomain, created
			configs = append(configs, object)
		}
	}
	return configs, nil
}

// clusterObjects joins what runs with the Secrets that the tree's gateways read.
func clusterObjects(read tree, podsFile string, authority *authority) (string, error) {
	running, err := os.ReadFile(podsFile)
	if err != nil {
		return "", err
	}
	secrets, err := presumeSecrets(read, authority)
	if err != nil {
		return "", err
	}
	objects := []any{}
	for _, secret := range secrets {
		objects = append(objects, secret)
	}
	presumed, err := stream(objects)
	return string(running) + "\n---\n" + presumed, err
}

// headerAuthenticator takes a proxy's word for its identity: every proxy here was started by this run.
type headerAuthenticator struct{}

func (headerAuthenticator) AuthenticatorType() string { return "header" }

func (headerAuthenticator) Authenticate(request security.AuthContext) (*security.Caller, error) {
	identities := request.Header(identityHeader)
	if len(identities) == 0 {
		return nil, errors.New("no " + identityHeader)
	}
	return &security.Caller{AuthSource: security.AuthSourceClientCertificate, Identities: identities}, nil
}

func protoJSON(mesh *meshv1.MeshConfig) json.RawMessage {
	text, err := protomarshal.ToJSON(mesh)
	stop(err)
	return json.RawMessage(text)
}
