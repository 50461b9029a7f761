package main

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	secretv3 "github.com/envoyproxy/go-control-plane/envoy/service/secret/v3"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/anypb"
)

// secretService is the part of Istio's agent that an Envoy cannot do without: the discovery of its own certificate.
// Each proxy gets one for the trust domain, namespace and account that its node metadata names.
type secretService struct {
	secretv3.UnimplementedSecretDiscoveryServiceServer
	authority *authority
}

func serveWorkloadCertificates(address string, authority *authority) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	secretv3.RegisterSecretDiscoveryServiceServer(server, &secretService{authority: authority})
	go func() { stop(server.Serve(listener)) }()
	return nil
}

// StreamSecrets answers each name once: an Envoy repeats the names to acknowledge, and the node stands in the first request only.
func (s *secretService) StreamSecrets(stream secretv3.SecretDiscoveryService_StreamSecretsServer) error {
	proxy, sent := &url.URL{}, map[string]bool{}
	for {
		request, err := stream.Recv()
		if err != nil {
			return err
		}
		if node := request.GetNode(); node != nil {
			proxy = identityOf(node)
		}
		response := &discovery.DiscoveryResponse{VersionInfo: "1", Nonce: "1", TypeUrl: request.GetTypeUrl()}
		for _, name := range request.GetResourceNames() {
			if sent[name] {
				continue
			}
			sent[name] = true
			resource, err := s.resource(name, proxy)
			if err != nil {
				return err
			}
			response.Resources = append(response.Resources, resource)
		}
		if len(response.GetResources()) == 0 {
			continue
		}
		if err := stream.Send(response); err != nil {
			return err
		}
	}
}

// resource knows the names of Istio's agent: the workload's own certificate and the roots that it trusts. What an agent
// would read from a file of the pod (file-cert:CERTIFICATE~KEY, file-root:CERTIFICATE or file-root:system) is of this run's
// authority too, which plays the world's.
func (s *secretService) resource(name string, proxy *url.URL) (*anypb.Any, error) {
	switch {
	case name == "ROOTCA" || strings.HasPrefix(name, "file-root:"):
		trusted := &tlsv3.CertificateValidationContext{TrustedCa: inline(s.authority.root)}
		return anypb.New(&tlsv3.Secret{Name: name, Type: &tlsv3.Secret_ValidationContext{ValidationContext: trusted}})
	case name == "default" || strings.HasPrefix(name, "file-cert:"):
		issued, err := s.authority.identify(proxy)
		if err != nil {
			return nil, err
		}
		own := &tlsv3.TlsCertificate{CertificateChain: inline(issued.certificate), PrivateKey: inline(issued.key)}
		return anypb.New(&tlsv3.Secret{Name: name, Type: &tlsv3.Secret_TlsCertificate{TlsCertificate: own}})
	default:
		return nil, fmt.Errorf("a workload has no certificate %q", name)
	}
}

func identityOf(node *corev3.Node) *url.URL {
	metadata := node.GetMetadata().GetFields()
	path := "/ns/" + metadata["NAMESPACE"].GetStringValue() + "/sa/" + metadata["SERVICE_ACCOUNT"].GetStringValue()
	return &url.URL{Scheme: "spiffe", Host: metadata["TRUST_DOMAIN"].GetStringValue(), Path: path}
}

func inline(content []byte) *corev3.DataSource {
	return &corev3.DataSource{Specifier: &corev3.DataSource_InlineBytes{InlineBytes: content}}
}
