package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	meshv1 "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pilot/pkg/model"
	v3 "istio.io/istio/pilot/pkg/xds/v3"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/schema/collections"
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

// serve runs istiod's discovery over a tree and a cluster until it is told to end. "ready" is printed once it answers, and
// "updated" once a SIGHUP has made it read the tree again.
func serve(paths []string, podsFile, folder string) error {
	// A plain Envoy has none of Istio's own filters, and ambient needs other proxies.
	features.EnableAmbient, features.MetadataExchange, features.ALPNFilter = false, false, false
	// Gateways read certificates from Secrets only on an authenticated connection. This one is inside the machine.
	security.AuthPlaintext = true

	read, err := readTree(paths)
	if err != nil {
		return err
	}
	configs, err := istioConfigs(read)
	if err != nil {
		return err
	}
	authority, err := startAuthority(folder)
	if err != nil {
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
		listeners := server.Discovery.Generators[v3.ListenerType]
		server.Discovery.Generators[v3.ListenerType] = withoutStatistics{listeners, folder}
		fmt.Println("ready")
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		for received := range signals {
			if received != syscall.SIGHUP {
				return
			}
			stop(update(server.Store(), paths))
			fmt.Println("updated")
		}
	})
}

// startAuthority writes what clients trust and what applications show, and answers proxies that ask for their certificate.
func startAuthority(folder string) (*authority, error) {
	authority, err := newAuthority()
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(folder, "root.crt"), authority.root, 0o644); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(folder, "wanted.json"))
	if err != nil {
		return nil, err
	}
	var wanted map[string][]string
	if err := json.Unmarshal(text, &wanted); err != nil {
		return nil, err
	}
	if err := authority.writeCertificates(folder, wanted); err != nil {
		return nil, err
	}
	return authority, serveWorkloadCertificates(certificateAddress, authority)
}

// update makes the store hold what the tree holds now. An object that stays keeps its age, by which Istio breaks ties.
func update(store model.ConfigStoreController, paths []string) error {
	read, err := readTree(paths)
	if err != nil {
		return err
	}
	configs, err := istioConfigs(read)
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, object := range configs {
		wanted[object.GroupVersionKind.String()+"/"+object.Namespace+"/"+object.Name] = true
		old := store.Get(object.GroupVersionKind, object.Name, object.Namespace)
		if old == nil {
			_, err = store.Create(object)
		} else {
			object.CreationTimestamp, object.ResourceVersion = old.CreationTimestamp, old.ResourceVersion
			_, err = store.Update(object)
		}
		if err != nil {
			return err
		}
	}
	for _, schema := range collections.Pilot.All() {
		for _, old := range store.List(schema.GroupVersionKind(), "") {
			if !wanted[old.GroupVersionKind.String()+"/"+old.Namespace+"/"+old.Name] {
				if err := store.Delete(old.GroupVersionKind, old.Name, old.Namespace, nil); err != nil {
					return err
				}
			}
		}
	}
	return nil
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
