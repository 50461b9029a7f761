package main

import (
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// presumedService is a Kubernetes Service that a tree routes to.
type presumedService struct {
	namespace, name string
	selector        map[string]string
	ports           map[int32]string // the protocol, by service port
	subsets         []map[string]string
}

type presumedServices struct {
	byIdentity map[string]*presumedService
}

func presumeServices(read tree) *presumedServices {
	services := &presumedServices{byIdentity: map[string]*presumedService{}}
	for _, document := range read.documents {
		switch object := document.object; object.GetKind() {
		case "VirtualService":
			services.addDestinations(object)
		case "DestinationRule":
			services.addSubsets(object)
		case "Sidecar":
			services.addReached(object)
		case "Gateway":
			services.addGateway(object)
		}
	}
	services.takeSelectors(read)
	return services
}

func (s *presumedServices) list() []presumedService {
	var services []presumedService
	for _, key := range slices.Sorted(maps.Keys(s.byIdentity)) {
		service := *s.byIdentity[key]
		if len(service.ports) == 0 {
			service.ports = map[int32]string{80: "http"}
		}
		services = append(services, service)
	}
	return services
}

// named gives the Service behind a host, or nil where the host is not of the cluster.
func (s *presumedServices) named(host, namespace string) *presumedService {
	labels := strings.Split(host, ".")
	switch {
	case len(labels) == 1:
		return s.service(namespace, host)
	case len(labels) > 2 && labels[2] == "svc":
		return s.service(labels[1], labels[0])
	default:
		return nil
	}
}

func (s *presumedServices) service(namespace, name string) *presumedService {
	key := identity("Service", namespace, name)
	if s.byIdentity[key] == nil {
		s.byIdentity[key] = &presumedService{namespace: namespace, name: name, ports: map[int32]string{}}
	}
	return s.byIdentity[key]
}

func (s *presumedServices) addDestinations(object unstructured.Unstructured) {
	for _, protocol := range []string{"http", "tls", "tcp"} {
		rules, _, _ := unstructured.NestedSlice(object.Object, "spec", protocol)
		for _, destination := range destinationsIn(rules) {
			host, _, _ := unstructured.NestedString(destination, "host")
			service := s.named(host, object.GetNamespace())
			if number, found, _ := unstructured.NestedInt64(destination, "port", "number"); found && service != nil {
				service.ports[int32(number)] = protocol
			}
		}
	}
}

// destinationsIn collects every destination below a value: routes and mirrors hold them at different depths.
func destinationsIn(value any) []map[string]any {
	var found []map[string]any
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			found = append(found, destinationsIn(item)...)
		}
	case map[string]any:
		for key, item := range value {
			if destination, ok := item.(map[string]any); ok && (key == "destination" || key == "mirror") {
				found = append(found, destination)
				continue
			}
			found = append(found, destinationsIn(item)...)
		}
	}
	return found
}

func (s *presumedServices) addSubsets(object unstructured.Unstructured) {
	host, _, _ := unstructured.NestedString(object.Object, "spec", "host")
	service := s.named(host, object.GetNamespace())
	subsets, _, _ := unstructured.NestedSlice(object.Object, "spec", "subsets")
	for _, subset := range subsets {
		fields, ok := subset.(map[string]any)
		labels, found, _ := unstructured.NestedStringMap(fields, "labels")
		if ok && found && service != nil {
			service.subsets = append(service.subsets, labels)
		}
	}
}

// addReached adds the services that a Sidecar lets its workload reach, as NAMESPACE/HOST.
func (s *presumedServices) addReached(object unstructured.Unstructured) {
	listeners, _, _ := unstructured.NestedSlice(object.Object, "spec", "egress")
	for _, listener := range listeners {
		fields, _ := listener.(map[string]any)
		hosts, _, _ := unstructured.NestedStringSlice(fields, "hosts")
		for _, host := range hosts {
			if namespace, name, found := strings.Cut(host, "/"); found && strings.Contains(name, ".") {
				s.named(name, namespace)
			}
		}
	}
}

// addGateway adds the Service through which the world reaches a gateway's pods.
func (s *presumedServices) addGateway(object unstructured.Unstructured) {
	service := s.service(object.GetNamespace(), object.GetName())
	service.selector = selectorOf(object)
	servers, _, _ := unstructured.NestedSlice(object.Object, "spec", "servers")
	for _, server := range servers {
		fields, _ := server.(map[string]any)
		number, _, _ := unstructured.NestedInt64(fields, "port", "number")
		protocol, _, _ := unstructured.NestedString(fields, "port", "protocol")
		service.ports[int32(number)] = strings.ToLower(protocol)
	}
}

// takeSelectors takes each service's pod labels from the object that has its name: a compiled tree names policies so.
func (s *presumedServices) takeSelectors(read tree) {
	for _, document := range read.documents {
		object := document.object
		service := s.byIdentity[identity("Service", object.GetNamespace(), object.GetName())]
		if labels := selectorOf(object); service != nil && len(labels) > 0 {
			service.selector = labels
		}
	}
	for _, service := range s.byIdentity {
		if service.selector == nil {
			service.selector = map[string]string{"app": service.name}
		}
	}
}
